import { Int32 } from 'bson';
import { type Collection, type Index, makeIndex } from '../catalog.ts';
import { decode } from '../codec.ts';
import type { Engine } from '../engine.ts';
import { CommandError } from '../errors.ts';
import { compileFilter } from '../match/matcher.ts';
import type { Reply } from '../reply.ts';
import { breathe } from '../scan.ts';
import { ListSource } from '../sources.ts';
import { type Doc, equalValues, field, isDocument, isNumeric, toNumber } from '../values.ts';
import { collectionName, type Command, documentList } from './command.ts';
import { firstBatch } from './find.ts';

const knownOptions = new Set([
  'key',
  'name',
  'v',
  'unique',
  'sparse',
  'partialFilterExpression',
  'expireAfterSeconds',
  'background',
  'ns',
  'hidden',
  'comment',
]);

/** createIndexes: https://www.mongodb.com/docs/manual/reference/command/createIndexes/ */
export async function createIndexes(engine: Engine, command: Command): Promise<Reply> {
  const name = collectionName(command);
  const specs = documentList(command, 'indexes').map(normalise);
  if (specs.length === 0) throw new CommandError(2, 'Must specify at least one index to create');
  const created = !engine.find(command.db, name);
  const collection = await engine.writer.run(() => engine.catalog.ensure(command.db, name));
  const before = collection.indexes.length;
  for (const spec of specs) if (!existing(collection, spec)) await build(engine, collection, spec);
  const after = collection.indexes.length;
  return {
    numIndexesBefore: before,
    numIndexesAfter: after,
    createdCollectionAutomatically: created,
    ...(before === after ? { note: 'all indexes already exist' } : {}),
    ok: 1,
  };
}

/** Options written elsewhere in the specification, or without a meaning here. */
const implied = new Set(['key', 'name', 'v', 'ns', 'background', 'comment']);

/** Checks one specification and puts its fields in MongoDB's order. */
function normalise(spec: Doc): Doc {
  const key = field(spec, 'key');
  if (!isDocument(key)) throw new CommandError(9, "The 'key' field is a required property of an index specification");
  if (Object.keys(key).length === 0) throw new CommandError(67, 'Index keys cannot be an empty object.');
  for (const [path, direction] of Object.entries(key)) checkKey(path, direction);
  const name = field(spec, 'name');
  if (typeof name !== 'string')
    throw new CommandError(9, "The 'name' field is a required property of an index specification");
  const stranger = Object.keys(spec).find((option) => !knownOptions.has(option));
  if (stranger !== undefined)
    throw new CommandError(
      197,
      `The field '${stranger}' is not valid for an index specification the embedded server can keep`,
    );
  checkOptions(spec, key);
  const options = Object.entries(spec).filter(([option]) => !implied.has(option));
  return { v: new Int32(2), key, name, ...Object.fromEntries(options) };
}

function checkKey(path: string, direction: unknown): void {
  if (path === '' || path.split('.').includes(''))
    throw new CommandError(67, 'Index keys cannot contain an empty field.');
  if (path.startsWith('$') || path.includes('.$'))
    throw new CommandError(67, `Index key contains an illegal field name: field name starts with '$'.`);
  if (typeof direction === 'string')
    throw new CommandError(
      67,
      `Unknown or unsupported index plugin '${direction}': the embedded server has ordered indexes only`,
    );
  if (path === '$**' || !isNumeric(direction) || toNumber(direction) === 0)
    throw new CommandError(
      67,
      `Values in v:2 index key pattern cannot be of this kind: ${JSON.stringify(direction)}. Only numbers > 0, numbers < 0, and strings are allowed.`,
    );
}

function checkOptions(spec: Doc, key: Doc): void {
  const partial = field(spec, 'partialFilterExpression');
  if (partial !== undefined) {
    if (!isDocument(partial)) throw new CommandError(14, "The field 'partialFilterExpression' must be an object");
    if (spec['sparse'] === true)
      throw new CommandError(67, 'cannot mix "partialFilterExpression" and "sparse" options');
    checkPartial(partial);
  }
  const expires = field(spec, 'expireAfterSeconds');
  if (expires === undefined) return;
  const seconds = toNumber(expires);
  if (seconds === undefined || seconds < 0 || seconds > 0x7fffffff)
    throw new CommandError(
      67,
      `TTL index 'expireAfterSeconds' option must be within an acceptable range, got ${JSON.stringify(expires)}`,
    );
  if (Object.keys(key).length > 1)
    throw new CommandError(67, 'TTL indexes are single-field indexes, compound indexes do not support TTL');
}

const partialOperators = new Set(['$eq', '$in', '$exists', '$gt', '$gte', '$lt', '$lte', '$type']);

function checkPartial(filter: Doc): void {
  compileFilter(filter);
  for (const [name, condition] of Object.entries(filter)) {
    if (name === '$and') for (const each of condition as Doc[]) checkPartial(each);
    else if (name.startsWith('$')) throw new CommandError(67, `unsupported expression in partial index: ${name}`);
    else if (isDocument(condition)) {
      const refused = Object.entries(condition).find(
        ([operator, operand]) =>
          operator.startsWith('$') && (!partialOperators.has(operator) || (operator === '$exists' && operand !== true)),
      );
      if (refused) throw new CommandError(67, `unsupported expression in partial index: ${refused[0]}`);
    }
  }
}

const identity = ['unique', 'sparse', 'partialFilterExpression'] as const;

/** True when just this index is there; throws 85 or 86 when something like it is. */
function existing(collection: Collection, spec: Doc): boolean {
  const sameKey = collection.indexes.find(
    (index) =>
      sameKeyPattern(index.spec['key'] as Doc, spec['key'] as Doc) &&
      equalValues(index.spec['partialFilterExpression'], spec['partialFilterExpression']),
  );
  const sameName = collection.indexes.find((index) => index.name === spec['name']);
  if (sameKey?.isId === true) return true;
  if (sameKey) {
    const alike =
      identity.every((option) => equalValues(sameKey.spec[option] ?? false, spec[option] ?? false)) &&
      equalValues(sameKey.spec['expireAfterSeconds'], spec['expireAfterSeconds']);
    if (sameKey.name === spec['name']) {
      if (alike) return true;
      throw new CommandError(
        sameKey.spec['expireAfterSeconds'] === undefined ? 86 : 85,
        conflict(spec, sameKey, 'An existing index has the same name as the requested index.'),
      );
    }
    throw new CommandError(
      85,
      alike
        ? `Index already exists with a different name: ${sameKey.name}`
        : conflict(spec, sameKey, 'An equivalent index already exists with a different name and options.'),
    );
  }
  if (sameName)
    throw new CommandError(86, conflict(spec, sameName, 'An existing index has the same name as the requested index.'));
  return false;
}

function conflict(spec: Doc, index: Index, what: string): string {
  return `${what} Requested index: ${JSON.stringify(spec)}, existing index: ${JSON.stringify(index.spec)}`;
}

function sameKeyPattern(a: Doc, b: Doc): boolean {
  return JSON.stringify(Object.keys(a)) === JSON.stringify(Object.keys(b)) && equalValues(a, b);
}

const pieceSize = 500;

/**
 * Builds an index in pieces, so that other commands run in between. Until the last piece is stored, its space counts as garbage and the
 * catalogue does not name it; writes meanwhile keep it up to date because it is in the collection's list in memory.
 */
async function build(engine: Engine, collection: Collection, spec: Doc): Promise<void> {
  const index = await engine.writer.run(() => {
    const space = engine.catalog.allocate();
    if (collection.count > pieceSize) engine.catalog.discard(space);
    const made = makeIndex(spec, space);
    if (collection.count <= pieceSize) {
      addPiece(engine, collection, made, undefined);
      publish(engine, collection, made);
    }
    return made;
  });
  if (!collection.indexes.includes(index)) await buildLarge(engine, collection, index);
}

function publish(engine: Engine, collection: Collection, index: Index): void {
  collection.indexes = [...collection.indexes, index];
  engine.catalog.keep(index.space);
  engine.catalog.save(collection);
}

function addPiece(engine: Engine, collection: Collection, index: Index, after: Buffer | undefined): Buffer | undefined {
  const low = after && Buffer.concat([after, Buffer.from([0])]);
  const entries = engine.store.scan(collection.space, { low }, pieceSize + 1);
  for (const { key, value } of entries) engine.documents.addToIndex(collection, index, key, decode(value));
  return entries.length > pieceSize ? entries.at(-1)?.key : undefined;
}

async function buildLarge(engine: Engine, collection: Collection, index: Index): Promise<void> {
  engine.building.add(index.space);
  try {
    const stop = engine.documents.alsoMaintain(collection, index);
    try {
      let after: Buffer | undefined;
      do {
        const from = after;
        after = await engine.writer.run(() => addPiece(engine, collection, index, from));
        await breathe();
      } while (after);
      await engine.writer.run(() => {
        publish(engine, collection, index);
      });
    } finally {
      stop();
    }
  } finally {
    engine.building.delete(index.space);
  }
}

/** listIndexes: https://www.mongodb.com/docs/manual/reference/command/listIndexes/ */
export function listIndexes(engine: Engine, command: Command): Promise<Reply> {
  const collection = existingCollection(engine, command);
  const source = new ListSource(collection.indexes.map((index) => index.spec));
  return firstBatch(engine, `${command.db}.${collection.name}`, source, Infinity, false);
}

function existingCollection(engine: Engine, command: Command): Collection {
  const name = collectionName(command);
  const collection = engine.find(command.db, name);
  if (!collection) throw new CommandError(26, `ns does not exist: ${command.db}.${name}`);
  return collection;
}

/** dropIndexes: by name, by key pattern, or all with '*'. https://www.mongodb.com/docs/manual/reference/command/dropIndexes/ */
export async function dropIndexes(engine: Engine, command: Command): Promise<Reply> {
  const which = field(command.body, 'index');
  return engine.writer.run(() => {
    const collection = existingCollection(engine, command);
    const nIndexesWas = collection.indexes.length;
    const gone = (Array.isArray(which) ? (which as unknown[]) : [which]).flatMap((each) => toDrop(collection, each));
    collection.indexes = collection.indexes.filter((index) => !gone.includes(index));
    for (const index of gone) engine.catalog.discard(index.space);
    engine.catalog.save(collection);
    return { nIndexesWas, ok: 1 };
  });
}

function toDrop(collection: Collection, which: unknown): Index[] {
  if (which === '*') return collection.indexes.slice(1);
  const found = collection.indexes.filter((index) =>
    typeof which === 'string'
      ? index.name === which
      : isDocument(which) && sameKeyPattern(index.spec['key'] as Doc, which),
  );
  if (found.length === 0)
    throw new CommandError(
      27,
      typeof which === 'string'
        ? `index not found with name [${which}]`
        : `can't find index with key: ${JSON.stringify(which)}`,
    );
  if (found.some((index) => index.isId)) throw new CommandError(72, 'cannot drop _id index');
  return found;
}
