import type { Violation } from './checks/check.ts';
import type { Figures } from './figures.ts';
import type { Progress } from './run.ts';

/** So many violations of one check are printed; the rest is counted. */
const PRINTED = 20;

/** The table of figures, one line each. */
export function figuresText(figures: Figures): string {
  const width = Math.max(...Object.keys(figures).map(({ length }) => length));
  return Object.entries(figures)
    .map(([name, value]) => `  ${name.padEnd(width)}  ${value}\n`)
    .join('');
}

/** The violations, check by check, or one line that there are none. */
export function violationsText(violations: readonly Violation[]): string {
  if (violations.length === 0) return 'Every promise was kept.\n';
  const checks = [...new Set(violations.map(({ check }) => check))];
  const parts = checks.map((check) => {
    const of = violations.filter((violation) => violation.check === check);
    const lines = of.slice(0, PRINTED).map(({ id, what }) => `  ${[id, what].filter(Boolean).join('  ')}\n`);
    const more = of.length > PRINTED ? `  and ${of.length - PRINTED} more\n` : '';
    return `${check}: ${of.length}\n${lines.join('')}${more}`;
  });
  return `${violations.length} violations\n${parts.join('')}`;
}

/** One line about how far the run has come; on a terminal it replaces the one before. */
export function progressText(progress: Progress, kills: number, terminal: boolean): string {
  const width = 20;
  const done = Math.min(width, Math.round((width * progress.kills) / Math.max(1, kills)));
  const bar = `[${'#'.repeat(done)}${'.'.repeat(width - done)}]`;
  const { phase, deliveries, sends, faults } = progress;
  const text = `${bar} ${progress.kills}/${kills} kills  ${deliveries} in  ${sends} out  ${faults} faults  ${phase}`;
  return terminal ? `\r${text.padEnd(100)}` : `${text}\n`;
}
