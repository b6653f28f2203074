import { parseArgs, type ParseArgsConfig } from 'node:util';
import { UsageError } from './command.ts';

type Options = NonNullable<ParseArgsConfig['options']>;
type Parsed<T extends Options> = ReturnType<
  typeof parseArgs<{ args: string[]; options: T; allowPositionals: true; strict: true }>
>;

/**
 * Reads a command's arguments. `names` says what the positional ones are; each must be there and no more.
 * Throws UsageError for an unknown option, a missing value, or too few or many positional arguments.
 */
export function readArguments<T extends Options>(
  args: readonly string[],
  options: T,
  names: readonly string[] = [],
): Parsed<T> {
  const parsed = parseOrRefuse(args, options);
  const missing = names.slice(parsed.positionals.length);
  if (missing.length > 0) throw new UsageError(`${missing.join(' and ')} must be given.`);
  const extra = parsed.positionals.length - names.length;
  // Never repeats what was given: it may be somebody's number.
  if (extra > 0) throw new UsageError(`There ${extra === 1 ? 'is one argument' : `are ${extra} arguments`} too many.`);
  return parsed;
}

function parseOrRefuse<T extends Options>(args: readonly string[], options: T): Parsed<T> {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError((error as Error).message.replace(/'[^'-][^']*'/g, 'an argument'));
  }
}

/** A day as `YYYY-MM-DD`, meaning midnight in London, where the days of reports begin and end; `after`: the end of it. */
export function readDay(text: string, name: string, after = false): Date {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? [];
  const utc = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  if (!day || utc.toISOString().slice(0, 10) !== text)
    throw new UsageError(`${name} must be a day written as 2026-03-31.`);
  return londonMidnight(after ? new Date(utc.getTime() + 86_400_000) : utc);
}

const londonHour = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', hour: 'numeric', hourCycle: 'h23' });

/** Midnight in London is that in UTC, or an hour earlier in summer (the clocks change at 1:00 UTC). */
function londonMidnight(utcMidnight: Date): Date {
  return new Date(utcMidnight.getTime() - Number(londonHour.format(utcMidnight)) * 3_600_000);
}
