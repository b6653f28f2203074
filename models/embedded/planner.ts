import type { Collection, Index } from './catalog.ts';
import { type Constraint, type Constraints, constraintsOf } from './constraints.ts';
import { CommandError } from './errors.ts';
import { boundPrefix, encodeValue } from './key-encoding.ts';
import { impliesPartial } from './partial.ts';
import type { KeyRange, Store } from './store.ts';
import { type Doc, equalValues, isDocument, toNumber, typeOrder } from './values.ts';

/** How a command finds its candidates: ranges of one index in order, or all documents. The filter is checked on each candidate. */
export interface Plan {
  /** Undefined for a scan of the collection. */
  readonly index: Index | undefined;
  readonly ranges: readonly KeyRange[];
  readonly reverse: boolean;
  /** True when candidates come in the order the sort asks for. */
  readonly sorted: boolean;
  /** How many fields of the index are held to points, and whether a range follows. */
  readonly points: number;
  readonly bounded: boolean;
}

export interface PlanQuestion {
  readonly filter: Doc;
  /** Sort paths with 1 or -1, in order; empty for none. */
  readonly sort: readonly (readonly [path: string, direction: number])[];
  readonly hint?: unknown;
}

const high = Buffer.from([0xff]);
const mostRanges = 1000;
const probeLimit = 128;

/** Chooses the plan for a filter and a sort. Throws BadValue for a hint that names no index. */
export function plan(store: Store, collection: Collection, question: PlanQuestion): Plan {
  const natural = naturalPlan(question);
  if (natural) return natural;
  const constraints = constraintsOf(question.filter);
  const hinted = question.hint === undefined ? undefined : hintedIndex(collection, question.hint);
  if (hinted) return planIndex(hinted, constraints, question) ?? fullScan(hinted, question);
  if (constraints.size === 0 && question.sort.length === 0) return collectionScan();
  const candidates: Plan[] = [];
  for (const index of collection.indexes) {
    if (!usable(index, constraints)) continue;
    const candidate = planIndex(index, constraints, question);
    if (candidate) candidates.push(candidate);
  }
  return choose(store, candidates, question) ?? collectionScan();
}

function collectionScan(reverse = false): Plan {
  return { index: undefined, ranges: [{}], reverse, sorted: false, points: 0, bounded: false };
}

function naturalPlan({ hint, sort }: PlanQuestion): Plan | undefined {
  const asked = isDocument(hint) && '$natural' in hint ? toNumber(hint['$natural']) : undefined;
  const sorted = sort[0]?.[0] === '$natural' ? sort[0][1] : undefined;
  const direction = asked ?? sorted;
  return direction === undefined ? undefined : { ...collectionScan(direction < 0), sorted: sorted !== undefined };
}

function hintedIndex(collection: Collection, hint: unknown): Index {
  const found = collection.indexes.find((index) =>
    typeof hint === 'string' ? index.name === hint : isDocument(hint) && equalValues(index.spec['key'], hint),
  );
  if (!found) throw new CommandError(2, 'error processing query: planner returned error :: caused by :: hint provided does not correspond to an existing index');
  return found;
}

function fullScan(index: Index, question: PlanQuestion): Plan {
  const order = sortOrder(index, question, 0);
  return { index, ranges: [{}], reverse: order === -1, sorted: order !== 0, points: 0, bounded: false };
}

/** Sparse and partial indexes lack documents: they serve only filters that cannot match those. */
function usable(index: Index, constraints: Constraints): boolean {
  if (index.sparse && !index.paths.some((path) => constraints.get(path.join('.'))?.exists === true)) return false;
  return index.partialFilter === undefined || impliesPartial(index.partialFilter, constraints);
}

interface Interval {
  readonly low: Buffer;
  readonly high: Buffer;
}

function planIndex(index: Index, constraints: Constraints, question: PlanQuestion): Plan | undefined {
  let prefixes: Buffer[] = [Buffer.alloc(0)];
  let points = 0;
  let singles = 0;
  let intervals: Interval[] | undefined;
  for (const [position, path] of index.paths.entries()) {
    const constraint = constraints.get(path.join('.'));
    const descending = index.directions[position] === -1;
    const values = constraint?.points;
    if (values && values.length * prefixes.length <= mostRanges) {
      const encoded = values.map((value) => encodeValue(value, descending));
      prefixes = prefixes.flatMap((prefix) => encoded.map((each) => Buffer.concat([prefix, each])));
      points += 1;
      if (values.length === 1 && singles === position) singles += 1;
      continue;
    }
    if (constraint?.low || constraint?.high) {
      const interval = rangeInterval(constraint, descending, index.multikey);
      intervals = prefixes.map((prefix) => ({ low: Buffer.concat([prefix, interval.low]), high: Buffer.concat([prefix, interval.high]) }));
    }
    break;
  }
  const order = sortOrder(index, question, singles);
  const bounded = points > 0 || intervals !== undefined;
  if (!bounded && order === 0) return undefined;
  const ranges = bounded ? tidy(intervals ?? prefixes.map((prefix) => ({ low: prefix, high: Buffer.concat([prefix, high]) }))) : [{}];
  return { index, ranges, reverse: order === -1, sorted: order !== 0, points, bounded };
}

/** Sorted, without repeats, and cut to what shortened keys can be compared with. */
function tidy(intervals: readonly Interval[]): Interval[] {
  const sorted = intervals.map(({ low, high: top }) => ({ low: boundPrefix(low), high: boundTop(top) })).sort((a, b) => Buffer.compare(a.low, b.low));
  return sorted.filter((interval, at) => at === 0 || !sorted[at - 1]?.low.equals(interval.low));
}

function boundTop(bound: Buffer): Buffer {
  const prefix = boundPrefix(bound);
  return prefix === bound ? bound : Buffer.concat([prefix, high]);
}

/** The keys between two edges of one type. With arrays, one element may satisfy each edge, so only one edge can be used. */
function rangeInterval(constraint: Constraint, descending: boolean, multikey: boolean): Interval {
  const { low: bottom } = constraint;
  const top = multikey && bottom ? undefined : constraint.high;
  const type = typeOrder((bottom ?? top)?.value);
  const start = Buffer.from([type]);
  const end = Buffer.from([type + 1]);
  const encodedLow = bottom && encodeValue(bottom.value, descending);
  const encodedHigh = top && encodeValue(top.value, descending);
  if (!descending)
    return {
      low: encodedLow ? (bottom.inclusive ? encodedLow : Buffer.concat([encodedLow, high])) : start,
      high: encodedHigh ? (top.inclusive ? Buffer.concat([encodedHigh, high]) : encodedHigh) : end,
    };
  const inverted = 0xff - type;
  return {
    low: encodedHigh ? (top.inclusive ? encodedHigh : Buffer.concat([encodedHigh, high])) : Buffer.from([inverted]),
    high: encodedLow ? (bottom.inclusive ? Buffer.concat([encodedLow, high]) : encodedLow) : Buffer.from([inverted + 1]),
  };
}

/** 1 or -1 when scanning the index forwards or backwards gives the sort, given that its first `fixed` fields hold one value each; else 0. */
function sortOrder(index: Index, question: PlanQuestion, fixed: number): number {
  if (question.sort.length === 0 || index.multikey || index.shortened) return 0;
  const names = index.paths.map((path) => path.join('.'));
  const held = new Set(names.slice(0, fixed));
  let position = fixed;
  let order = 0;
  for (const [path, direction] of question.sort) {
    if (held.has(path)) continue;
    if (index.isId && position > 0) break;
    if (names[position] !== path) return 0;
    const here = direction === index.directions[position] ? 1 : -1;
    if (order !== 0 && here !== order) return 0;
    order = here;
    position += 1;
  }
  return order === 0 ? 1 : order;
}

function choose(store: Store, candidates: readonly Plan[], question: PlanQuestion): Plan | undefined {
  const bounded = candidates.filter((candidate) => candidate.bounded);
  if (bounded.length === 0) return candidates[0];
  if (bounded.length === 1) return bounded[0];
  const exact = bounded.find((each) => each.index?.unique === true && each.points === each.index.paths.length && each.ranges.length === 1);
  if (exact) return exact;
  const weighed = bounded.map((candidate) => ({ candidate, cost: cost(store, candidate, question) }));
  weighed.sort((a, b) => a.cost - b.cost);
  return weighed[0]?.candidate;
}

/** A rough price: entries to read, counted up to a limit; sorting afterwards costs as much again. */
function cost(store: Store, candidate: Plan, question: PlanQuestion): number {
  let entries = 0;
  for (const range of candidate.ranges.slice(0, 16)) {
    entries += store.count(candidate.index?.space ?? 0, range, probeLimit - entries);
    if (entries >= probeLimit) break;
  }
  const mustSort = question.sort.length > 0 && !candidate.sorted;
  return entries * (mustSort ? 2 : 1) - candidate.points * 0.1 + (entries >= probeLimit ? probeLimit * 2 - candidate.points * 4 : 0);
}
