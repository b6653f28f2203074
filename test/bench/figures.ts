/** One measured figure, with the goal it is held against where there is one. */
export interface Figure {
  what: string;
  value: number;
  unit: string;
  goal?: { atLeast: number } | { atMost: number };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

/** A table a person can read. */
export function table(figures: readonly Figure[]): string {
  const lines = figures.map(({ what, value, unit, goal }) => {
    const shown = `${value >= 100 ? value.toFixed(0) : value.toFixed(2)} ${unit}`;
    if (!goal) return `  ${what.padEnd(58)} ${shown.padStart(14)}`;
    const met = 'atLeast' in goal ? value >= goal.atLeast : value <= goal.atMost;
    const wanted = 'atLeast' in goal ? `≥ ${goal.atLeast}` : `≤ ${goal.atMost}`;
    return `  ${what.padEnd(58)} ${shown.padStart(14)}   goal ${wanted}: ${met ? 'met' : 'NOT MET'}`;
  });
  return `${lines.join('\n')}\n`;
}
