import type { Collection } from './catalog.ts';
import { decode } from './codec.ts';
import type { Matcher } from './match/matcher.ts';
import type { Plan } from './planner.ts';
import type { Entry, KeyRange, Store } from './store.ts';
import type { Doc } from './values.ts';

/** A document found: its key, its bytes, and its decoded form once someone needed that. */
export interface Found {
  readonly idKey: Buffer;
  readonly raw: Buffer;
  doc: Doc | undefined;
}

export function docOf(found: Found): Doc {
  found.doc ??= decode(found.raw);
  return found.doc;
}

const afterKey = Buffer.from([0]);

/** Walks a plan's candidates in pieces, keeping its place between them, so that other commands run in between. */
export class Scan {
  readonly #store: Store;
  readonly #collection: Collection;
  readonly #plan: Plan;
  readonly #filter: Matcher | undefined;
  readonly #seen: Set<string> | undefined;
  #ranges: KeyRange[];
  keysExamined = 0;
  docsExamined = 0;

  /** `filter` undefined means that every candidate counts. */
  constructor(store: Store, collection: Collection, plan: Plan, filter: Matcher | undefined) {
    this.#store = store;
    this.#collection = collection;
    this.#plan = plan;
    this.#filter = filter;
    this.#ranges = plan.reverse ? [...plan.ranges].reverse() : [...plan.ranges];
    this.#seen = plan.index?.multikey === true ? new Set() : undefined;
  }

  get done(): boolean {
    return this.#ranges.length === 0;
  }

  /** Looks at up to `limit` candidates and returns those that match. Empty does not mean done. */
  next(limit: number): Found[] {
    const found: Found[] = [];
    let left = limit;
    while (left > 0 && this.#ranges[0]) {
      const range = this.#ranges[0];
      const { index, reverse } = this.#plan;
      const entries = this.#store.scan(index?.space ?? this.#collection.space, range, left, reverse);
      this.#advance(range, entries.length < left ? undefined : entries.at(-1));
      left -= entries.length;
      for (const entry of entries) {
        const candidate = this.#candidate(entry);
        if (candidate && this.#accepts(candidate)) found.push(candidate);
      }
    }
    this.keysExamined += this.#plan.index ? limit - left : 0;
    return found;
  }

  /** Goes on behind the last entry seen, or with the next range. */
  #advance(range: KeyRange, last: Entry | undefined): void {
    if (!last) this.#ranges.shift();
    else if (this.#plan.reverse) this.#ranges[0] = { ...range, high: last.key };
    else this.#ranges[0] = { ...range, low: Buffer.concat([last.key, afterKey]) };
  }

  #candidate({ key, value }: Entry): Found | undefined {
    const { index } = this.#plan;
    return index && !index.isId ? this.#fetch(value) : { idKey: key, raw: value, doc: undefined };
  }

  #fetch(idKey: Buffer): Found | undefined {
    if (this.#seen) {
      const name = idKey.toString('latin1');
      if (this.#seen.has(name)) return undefined;
      this.#seen.add(name);
    }
    const raw = this.#store.get(this.#collection.space, idKey);
    return raw && { idKey, raw, doc: undefined };
  }

  #accepts(candidate: Found): boolean {
    this.docsExamined += 1;
    return this.#filter === undefined || this.#filter(docOf(candidate));
  }
}

/** All that a scan finds, in pieces, with room for other commands in between. */
export async function* pieces(scan: Scan, size = 256): AsyncGenerator<Found[], void> {
  for (let first = true; !scan.done; first = false) {
    if (!first) await breathe();
    yield scan.next(size);
  }
}

/** Lets pending I/O and other commands run. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
