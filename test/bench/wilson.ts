const Z = 1.96;

/**
 * Wilson's 95 % interval of a share (E. B. Wilson, JASA 22, 1927).
 * @returns lower and upper end in 0..1; 0 and 1 where there are no trials
 */
export function wilson(successes: number, trials: number): { low: number; high: number } {
  if (trials === 0) return { low: 0, high: 1 };
  const share = successes / trials;
  const centre = share + (Z * Z) / (2 * trials);
  const half = Z * Math.sqrt((share * (1 - share)) / trials + (Z * Z) / (4 * trials * trials));
  const scale = 1 + (Z * Z) / trials;
  return { low: Math.max(0, (centre - half) / scale), high: Math.min(1, (centre + half) / scale) };
}

/** A share with its interval as text: `71.2 % (68.0–74.1)`. */
export function shareText(successes: number, trials: number): string {
  if (trials === 0) return '–';
  const { low, high } = wilson(successes, trials);
  const percent = (value: number): string => (value * 100).toFixed(1);
  return `${percent(successes / trials)} % (${percent(low)}–${percent(high)})`;
}
