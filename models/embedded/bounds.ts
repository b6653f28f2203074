import type { Index } from './catalog.ts';
import type { Constraint, Constraints, Edge } from './constraints.ts';
import { boundPrefix, encodeValue } from './key-encoding.ts';
import { typeOrder } from './values.ts';

interface Interval {
  readonly low: Buffer;
  readonly high: Buffer;
}

/** The part of an index that can hold what a filter asks for. */
export interface Bounds {
  /** Key ranges in index order; undefined when nothing narrows the index down. */
  readonly ranges: readonly Interval[] | undefined;
  /** How many leading fields are held to points, and how many of these to a single one. */
  readonly points: number;
  readonly singles: number;
}

const high = Buffer.from([0xff]);
const mostRanges = 1000;

/** Uses the leading fields held to points, and a range on the field after them. */
export function boundsOf(index: Index, constraints: Constraints): Bounds {
  let prefixes: Buffer[] = [Buffer.alloc(0)];
  let points = 0;
  let singles = 0;
  for (const [position, path] of index.paths.entries()) {
    const constraint = constraints.get(path.join('.'));
    const descending = index.directions[position] === -1;
    const values = constraint?.points;
    if (!constraint || !values || values.length * prefixes.length > mostRanges) {
      const interval = constraint && rangeInterval(constraint, descending, index.multikey);
      return { ranges: rangesOf(prefixes, points, interval), points, singles };
    }
    const encoded = values.map((value) => encodeValue(value, descending));
    prefixes = prefixes.flatMap((prefix) => encoded.map((each) => Buffer.concat([prefix, each])));
    points += 1;
    if (values.length === 1 && singles === position) singles += 1;
  }
  return { ranges: rangesOf(prefixes, points, undefined), points, singles };
}

function rangesOf(prefixes: readonly Buffer[], points: number, interval: Interval | undefined): Interval[] | undefined {
  if (!interval)
    return points === 0 ? undefined : tidy(prefixes.map((low) => ({ low, high: Buffer.concat([low, high]) })));
  return tidy(
    prefixes.map((prefix) => ({
      low: Buffer.concat([prefix, interval.low]),
      high: Buffer.concat([prefix, interval.high]),
    })),
  );
}

/** Sorted, without repeats, and cut to what shortened keys can be compared with. */
function tidy(intervals: readonly Interval[]): Interval[] {
  const sorted = intervals
    .map(({ low, high: top }) => ({ low: boundPrefix(low), high: boundTop(top) }))
    .sort((a, b) => Buffer.compare(a.low, b.low));
  return sorted.filter((interval, at) => at === 0 || !sorted[at - 1]?.low.equals(interval.low));
}

function boundTop(bound: Buffer): Buffer {
  const prefix = boundPrefix(bound);
  return prefix === bound ? bound : Buffer.concat([prefix, high]);
}

/** Where a range begins or ends in key order; `after` puts the bound behind all keys with this value. */
function bound(edge: Edge | undefined, descending: boolean, after: boolean, open: number): Buffer {
  if (!edge) return Buffer.from([open]);
  const encoded = encodeValue(edge.value, descending);
  return after ? Buffer.concat([encoded, high]) : encoded;
}

/** The keys between two edges of one type. With arrays, one element may satisfy each edge, so only one edge can be used. */
function rangeInterval(constraint: Constraint, descending: boolean, multikey: boolean): Interval | undefined {
  const bottom = constraint.low;
  const top = multikey && bottom ? undefined : constraint.high;
  const edge = bottom ?? top;
  if (!edge) return undefined;
  const type = typeOrder(edge.value);
  const [first, last] = descending ? [top, bottom] : [bottom, top];
  const open = descending ? 0xff - type : type;
  return {
    low: bound(first, descending, first?.inclusive === false, open),
    high: bound(last, descending, last?.inclusive === true, open + 1),
  };
}
