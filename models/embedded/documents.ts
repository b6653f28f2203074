import { ObjectId } from 'bson';
import type { Catalog, Collection, Index } from './catalog.ts';
import { checkId } from './codec.ts';
import { CommandError } from './errors.ts';
import { type IndexKeys, indexKeys } from './index-keys.ts';
import { encodeId } from './key-encoding.ts';
import { plain } from './plain.ts';
import type { Store } from './store.ts';
import { type Doc, field } from './values.ts';

const afterAll = Buffer.from([0xff]);

/** The range of all entries of an index that hold exactly this key. */
export function keyRange(key: Buffer): { low: Buffer; high: Buffer } {
  return { low: key, high: Buffer.concat([key, afterAll]) };
}

interface IndexChange {
  readonly index: Index;
  readonly before: readonly Buffer[];
  readonly after: IndexKeys;
}

const noKeys: IndexKeys = { keys: [], multikey: false, shortened: false };

/**
 * Changes documents and their index entries together. Every method checks first and writes after, inside a write batch, so that a
 * refused document leaves nothing behind.
 */
export class Documents {
  readonly #store: Store;
  readonly #catalog: Catalog;
  /** Indexes being built: kept up to date by writes, but not used by plans yet. */
  readonly #underConstruction = new Map<Collection, Index[]>();

  constructor(store: Store, catalog: Catalog) {
    this.#store = store;
    this.#catalog = catalog;
  }

  /** Stores a new document. Throws DuplicateKey (11000) when its _id or a unique key is taken. */
  insert(collection: Collection, raw: Buffer, doc: Doc): void {
    const id = field(doc, '_id');
    checkId(id);
    const idKey = encodeId(id);
    if (this.#store.has(collection.space, idKey)) throw duplicate(collection, idIndex(collection), doc);
    const changes = this.#maintained(collection).map((index) => ({ index, before: [], after: indexKeys(index, doc) }));
    this.#checkUnique(collection, changes, idKey, doc);
    this.#store.put(collection.space, idKey, raw);
    this.#apply(collection, changes, idKey);
    this.#catalog.counted(collection, 1);
    if (idKey.length >= 400) this.#mark(collection, idIndex(collection), false, true);
  }

  /** Stores the new state of a document; its _id is the same. Throws DuplicateKey (11000). */
  replace(collection: Collection, idKey: Buffer, before: Doc, after: Doc, raw: Buffer): void {
    const changes = this.#maintained(collection).map((index) => ({
      index,
      before: indexKeys(index, before).keys,
      after: indexKeys(index, after),
    }));
    this.#checkUnique(collection, changes, idKey, after);
    this.#store.put(collection.space, idKey, raw);
    this.#apply(collection, changes, idKey);
  }

  remove(collection: Collection, idKey: Buffer, doc: Doc): void {
    const changes = this.#maintained(collection).map((index) => ({
      index,
      before: indexKeys(index, doc).keys,
      after: noKeys,
    }));
    this.#store.remove(collection.space, idKey);
    this.#apply(collection, changes, idKey);
    this.#catalog.counted(collection, -1);
  }

  /** Keeps an index that is being built in step with writes until the returned function is called. */
  alsoMaintain(collection: Collection, index: Index): () => void {
    this.#underConstruction.set(collection, [...(this.#underConstruction.get(collection) ?? []), index]);
    return () => {
      const left = (this.#underConstruction.get(collection) ?? []).filter((each) => each !== index);
      if (left.length > 0) this.#underConstruction.set(collection, left);
      else this.#underConstruction.delete(collection);
    };
  }

  #maintained(collection: Collection): readonly Index[] {
    const listed = collection.indexes.slice(1);
    const built = this.#underConstruction.get(collection);
    return built ? [...listed, ...built.filter((index) => !listed.includes(index))] : listed;
  }

  /** Adds one document's entries to an index being built. */
  addToIndex(collection: Collection, index: Index, idKey: Buffer, doc: Doc): void {
    const changes = [{ index, before: [], after: indexKeys(index, doc) }];
    this.#checkUnique(collection, changes, idKey, doc);
    this.#apply(collection, changes, idKey);
  }

  #checkUnique(collection: Collection, changes: readonly IndexChange[], idKey: Buffer, doc: Doc): void {
    for (const { index, after } of changes) {
      if (!index.unique) continue;
      for (const key of after.keys) {
        const taken = this.#store.scan(index.space, keyRange(key), 2).some(({ value }) => !value.equals(idKey));
        if (taken) throw duplicate(collection, index, doc);
      }
    }
  }

  #apply(collection: Collection, changes: readonly IndexChange[], idKey: Buffer): void {
    for (const { index, before, after } of changes) {
      for (const key of before)
        if (!after.keys.some((kept) => kept.equals(key))) this.#store.remove(index.space, Buffer.concat([key, idKey]));
      for (const key of after.keys)
        if (!before.some((old) => old.equals(key))) this.#store.put(index.space, Buffer.concat([key, idKey]), idKey);
      this.#mark(collection, index, after.multikey, after.shortened);
    }
  }

  #mark(collection: Collection, index: Index, multikey: boolean, shortened: boolean): void {
    if ((index.multikey || !multikey) && (index.shortened || !shortened)) return;
    index.multikey ||= multikey;
    index.shortened ||= shortened;
    if (collection.indexes.includes(index)) this.#catalog.save(collection);
  }
}

function idIndex(collection: Collection): Index {
  const [first] = collection.indexes;
  if (!first) throw new Error('a collection without an index on _id');
  return first;
}

/** MongoDB's E11000 with the pattern and the values that were taken. */
function duplicate(collection: Collection, index: Index, doc: Doc): CommandError {
  const keyPattern = index.spec['key'] as Doc;
  const keyValue = Object.fromEntries(index.paths.map((path) => [path.join('.'), firstValue(doc, path)]));
  const shown = Object.entries(keyValue).map(([path, value]) => `${path}: ${show(value)}`);
  const message = `E11000 duplicate key error collection: ${collection.db}.${collection.name} index: ${index.name} dup key: { ${shown.join(', ')} }`;
  return new CommandError(11000, message, { keyPattern, keyValue });
}

function firstValue(doc: Doc, path: readonly string[]): unknown {
  let value: unknown = doc;
  for (const part of path) {
    if (Array.isArray(value)) value = (value as unknown[])[0];
    value = typeof value === 'object' && value !== null ? field(value as Doc, part) : undefined;
  }
  return value ?? null;
}

function show(value: unknown): string {
  if (value instanceof ObjectId) return `ObjectId('${value.toHexString()}')`;
  return JSON.stringify(plain(value));
}
