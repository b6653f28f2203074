import { randomUUID } from 'node:crypto';
import { UUID } from 'bson';
import { decode, encode } from './codec.ts';
import { CommandError } from './errors.ts';
import type { KeySource } from './index-keys.ts';
import { compileFilter } from './match/matcher.ts';
import type { Store } from './store.ts';
import { type Doc, toNumber } from './values.ts';

/** An index as the planner and the writers use it. `_id_` has the documents themselves as its space. */
export interface Index extends KeySource {
  readonly name: string;
  readonly space: number;
  readonly isId: boolean;
  readonly unique: boolean;
  readonly partialFilter: Doc | undefined;
  readonly expireAfterSeconds: number | undefined;
  /** The specification as the client gave it, for listIndexes. */
  readonly spec: Doc;
  /** True once a document had an array at one of the paths. */
  multikey: boolean;
  /** True once a key was too long to be kept whole: such an index no longer sorts. */
  shortened: boolean;
}

export interface Collection {
  readonly db: string;
  readonly name: string;
  readonly space: number;
  readonly uuid: UUID;
  readonly options: Doc;
  indexes: Index[];
  count: number;
}

const metaSpace = 0;
const firstSpace = 16;
const nextSpaceKey = Buffer.from('next');
const collectionPrefix = 'c';
const countPrefix = 'n';
const garbagePrefix = 'g';

/** Everything known about collections and indexes: kept in memory, stored in space 0, changed only inside write batches. */
export class Catalog {
  readonly #store: Store;
  readonly #collections = new Map<string, Collection>();
  readonly #changedCounts = new Set<Collection>();
  #nextSpace = firstSpace;

  constructor(store: Store) {
    this.#store = store;
    this.reload();
  }

  /** Reads all from the store again: at the start, and after a batch that failed. */
  reload(): void {
    this.#collections.clear();
    this.#changedCounts.clear();
    this.#nextSpace = this.#store.get(metaSpace, nextSpaceKey)?.readUInt32BE(0) ?? firstSpace;
    for (const { value } of this.#store.scan(metaSpace, prefixRange(collectionPrefix), 1_000_000)) {
      const collection = fromStored(decode(value));
      collection.count = this.#store.get(metaSpace, countKey(collection))?.readDoubleBE(0) ?? 0;
      this.#collections.set(nsKey(collection.db, collection.name), collection);
    }
  }

  find(db: string, name: string): Collection | undefined {
    return this.#collections.get(nsKey(db, name));
  }

  all(): Collection[] {
    return [...this.#collections.values()];
  }

  inDatabase(db: string): Collection[] {
    return this.all().filter((collection) => collection.db === db);
  }

  /** Finds a collection or makes it. Inside a batch. */
  ensure(db: string, name: string, options: Doc = {}): Collection {
    const known = this.find(db, name);
    if (known) return known;
    checkNamespace(db, name);
    const space = this.allocate();
    const collection: Collection = { db, name, space, uuid: new UUID(randomUUID()), options, indexes: [], count: 0 };
    collection.indexes = [makeIndex({ v: 2, key: { _id: 1 }, name: '_id_' }, space)];
    this.#collections.set(nsKey(db, name), collection);
    this.save(collection);
    return collection;
  }

  /** Takes a number for a new key space. Inside a batch. */
  allocate(): number {
    const space = this.#nextSpace;
    this.#nextSpace += 1;
    const value = Buffer.alloc(4);
    value.writeUInt32BE(this.#nextSpace, 0);
    this.#store.put(metaSpace, nextSpaceKey, value);
    return space;
  }

  save(collection: Collection): void {
    this.#store.put(metaSpace, collectionKey(collection), encode(toStored(collection)));
  }

  /** Notes that a collection grew or shrank; stored once at the end of the batch. */
  counted(collection: Collection, by: number): void {
    collection.count += by;
    this.#changedCounts.add(collection);
  }

  flushCounts(): void {
    for (const collection of this.#changedCounts) {
      if (this.find(collection.db, collection.name) !== collection) continue;
      const value = Buffer.alloc(8);
      value.writeDoubleBE(collection.count, 0);
      this.#store.put(metaSpace, countKey(collection), value);
    }
    this.#changedCounts.clear();
  }

  /** Forgets a collection at once; its entries become garbage that is swept later. Inside a batch. */
  drop(collection: Collection): void {
    this.#collections.delete(nsKey(collection.db, collection.name));
    this.#store.remove(metaSpace, collectionKey(collection));
    this.#store.remove(metaSpace, countKey(collection));
    for (const space of new Set([collection.space, ...collection.indexes.map((index) => index.space)]))
      this.discard(space);
  }

  /** Notes a space whose entries nothing refers to any more. Inside a batch. */
  discard(space: number): void {
    this.#store.put(metaSpace, garbageKey(space), Buffer.alloc(0));
  }

  /** Gives a space back to use: the index built in it is complete. Inside a batch. */
  keep(space: number): void {
    this.#store.remove(metaSpace, garbageKey(space));
  }

  /** Spaces waiting to be swept. */
  garbage(): number[] {
    return this.#store.scan(metaSpace, prefixRange(garbagePrefix), 10_000).map(({ key }) => key.readUInt32BE(1));
  }

  /** Removes up to `limit` entries of a discarded space; true when it is empty. Inside a batch. */
  sweep(space: number, limit: number): boolean {
    const entries = this.#store.scan(space, {}, limit);
    for (const { key } of entries) this.#store.remove(space, key);
    if (entries.length === limit) return false;
    this.keep(space);
    return true;
  }
}

function nsKey(db: string, name: string): string {
  return `${db}\0${name}`;
}

function collectionKey({ db, name }: Collection): Buffer {
  return Buffer.from(`${collectionPrefix}${nsKey(db, name)}`);
}

function countKey({ space }: Collection): Buffer {
  return Buffer.from(`${countPrefix}${space}`);
}

function garbageKey(space: number): Buffer {
  const key = Buffer.alloc(5);
  key.write(garbagePrefix, 0);
  key.writeUInt32BE(space, 1);
  return key;
}

function prefixRange(prefix: string): { low: Buffer; high: Buffer } {
  const low = Buffer.from(prefix);
  const high = Buffer.from(prefix);
  high.writeUInt8(low.readUInt8(0) + 1, 0);
  return { low, high };
}

function checkNamespace(db: string, name: string): void {
  if (name === '' || name.startsWith('.') || name.endsWith('.') || name.includes('$') || name.includes('\0'))
    throw new CommandError(73, `Invalid namespace specified '${db}.${name}'`);
  if (Buffer.byteLength(`${db}.${name}`) > 255)
    throw new CommandError(73, `Fully qualified namespace is too long. Namespace: ${db}.${name} Max: 255`);
}

/** Builds an index from its specification (as in createIndexes) and the space that holds its entries. */
export function makeIndex(spec: Doc, space: number, state: { multikey?: boolean; shortened?: boolean } = {}): Index {
  const key = spec['key'] as Doc;
  const partialFilter = spec['partialFilterExpression'] as Doc | undefined;
  const name = String(spec['name']);
  return {
    name,
    space,
    isId: name === '_id_',
    unique: spec['unique'] === true || name === '_id_',
    sparse: spec['sparse'] === true,
    partialFilter,
    partial: partialFilter && compileFilter(partialFilter),
    expireAfterSeconds: toNumber(spec['expireAfterSeconds']),
    paths: Object.keys(key).map((path) => path.split('.')),
    directions: Object.values(key).map((direction) => (Number(toNumber(direction)) < 0 ? -1 : 1)),
    spec,
    multikey: state.multikey === true,
    shortened: state.shortened === true,
  };
}

function toStored(collection: Collection): Doc {
  const { db, name, space, uuid, options } = collection;
  const indexes = collection.indexes.map(({ spec, space: at, multikey, shortened }) => ({
    spec,
    space: at,
    multikey,
    shortened,
  }));
  return { db, name, space, uuid, options, indexes };
}

function fromStored(stored: Doc): Collection {
  const indexes = (stored['indexes'] as Doc[]).map((index) =>
    makeIndex(index['spec'] as Doc, Number(toNumber(index['space'])), {
      multikey: index['multikey'] === true,
      shortened: index['shortened'] === true,
    }),
  );
  return {
    db: String(stored['db']),
    name: String(stored['name']),
    space: Number(toNumber(stored['space'])),
    uuid: stored['uuid'] as UUID,
    options: stored['options'] as Doc,
    indexes,
    count: 0,
  };
}
