import type { Collection, Index } from './catalog.ts';
import { boundsOf } from './bounds.ts';
import { type Constraints, constraintsOf } from './constraints.ts';
import { CommandError } from './errors.ts';
import { impliesPartial } from './partial.ts';
import type { KeyRange, Store } from './store.ts';
import { type Doc, equalValues, isDocument, toNumber } from './values.ts';

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

const probeLimit = 128;

/** Chooses the plan for a filter and a sort. Throws BadValue for a hint that names no index. */
export function plan(store: Store, collection: Collection, question: PlanQuestion): Plan {
  const natural = naturalPlan(question);
  if (natural) return natural;
  const constraints = constraintsOf(question.filter);
  if (question.hint !== undefined) return hintedPlan(collection, constraints, question);
  if (constraints.size === 0 && question.sort.length === 0) return collectionScan();
  const candidates = collection.indexes
    .filter((index) => usable(index, constraints))
    .flatMap((index) => planIndex(index, constraints, question) ?? []);
  return choose(store, candidates, question) ?? collectionScan();
}

function hintedPlan(collection: Collection, constraints: Constraints, question: PlanQuestion): Plan {
  const index = hintedIndex(collection, question.hint);
  return planIndex(index, constraints, question) ?? fullScan(index, question);
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
  if (!found)
    throw new CommandError(
      2,
      'error processing query: planner returned error :: caused by :: hint provided does not correspond to an existing index',
    );
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

function planIndex(index: Index, constraints: Constraints, question: PlanQuestion): Plan | undefined {
  const bounds = boundsOf(index, constraints);
  const order = sortOrder(index, question, bounds.singles);
  const bounded = bounds.ranges !== undefined;
  if (!bounded && order === 0) return undefined;
  const ranges = bounds.ranges ?? [{}];
  return { index, ranges, reverse: order === -1, sorted: order !== 0, points: bounds.points, bounded };
}

/** 1 or -1 when scanning the index forwards or backwards gives the sort, given that its first `fixed` fields hold one value each; else 0. */
function sortOrder(index: Index, { sort }: PlanQuestion, fixed: number): number {
  if (sort.length === 0 || index.multikey || index.shortened) return 0;
  const names = index.paths.map((path) => path.join('.'));
  const held = names.slice(0, fixed);
  const free = sort.filter(([path]) => !held.includes(path));
  const asked = index.isId ? free.slice(0, 1) : free;
  const orders = asked.map(([path, direction], at) => {
    if (names[fixed + at] !== path) return 0;
    return direction === index.directions[fixed + at] ? 1 : -1;
  });
  const [first = 1] = orders;
  return orders.every((order) => order === first) ? first : 0;
}

function choose(store: Store, candidates: readonly Plan[], question: PlanQuestion): Plan | undefined {
  const bounded = candidates.filter((candidate) => candidate.bounded);
  if (bounded.length === 0) return candidates[0];
  if (bounded.length === 1) return bounded[0];
  const exact = bounded.find(
    (each) => each.index?.unique === true && each.points === each.index.paths.length && each.ranges.length === 1,
  );
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
  return (
    entries * (mustSort ? 2 : 1) -
    candidate.points * 0.1 +
    (entries >= probeLimit ? probeLimit * 2 - candidate.points * 4 : 0)
  );
}
