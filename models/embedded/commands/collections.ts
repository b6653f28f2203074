import { Long } from 'bson';
import type { Collection } from '../catalog.ts';
import type { Engine } from '../engine.ts';
import { CommandError } from '../errors.ts';
import { compileFilter } from '../match/matcher.ts';
import type { Reply } from '../reply.ts';
import { ListSource } from '../sources.ts';
import type { Doc } from '../values.ts';
import { collectionName, type Command, documentOption, flagOption } from './command.ts';
import { firstBatch } from './find.ts';

const refusedOptions = [
  'capped',
  'timeseries',
  'viewOn',
  'validator',
  'clusteredIndex',
  'changeStreamPreAndPostImages',
  'encryptedFields',
];

/** create: https://www.mongodb.com/docs/manual/reference/command/create/ */
export async function create(engine: Engine, command: Command): Promise<Reply> {
  const name = collectionName(command);
  const refused = refusedOptions.find((option) => option in command.body && command.body[option] !== false);
  if (refused !== undefined)
    throw new CommandError(115, `the embedded server has no collections with the option '${refused}'`);
  await engine.writer.run(() => {
    if (engine.find(command.db, name)) throw new CommandError(48, `Collection ${command.db}.${name} already exists.`);
    engine.catalog.ensure(command.db, name);
  });
  return { ok: 1 };
}

/** drop: https://www.mongodb.com/docs/manual/reference/command/drop/. Dropping what is not there succeeds, as since MongoDB 7.0. */
export async function drop(engine: Engine, command: Command): Promise<Reply> {
  const name = collectionName(command);
  const dropped = await engine.writer.run(() => {
    const collection = engine.find(command.db, name);
    if (collection) engine.catalog.drop(collection);
    return collection;
  });
  return dropped ? { nIndexesWas: dropped.indexes.length, ns: `${command.db}.${name}`, ok: 1 } : { ok: 1 };
}

export async function dropDatabase(engine: Engine, { db }: Command): Promise<Reply> {
  await engine.writer.run(() => {
    for (const collection of engine.catalog.inDatabase(db)) engine.catalog.drop(collection);
  });
  return { dropped: db, ok: 1 };
}

function describe(collection: Collection, nameOnly: boolean): Doc {
  const base = { name: collection.name, type: 'collection' };
  return nameOnly
    ? base
    : {
        ...base,
        options: collection.options,
        info: { readOnly: false, uuid: collection.uuid },
        idIndex: collection.indexes[0]?.spec,
      };
}

/** listCollections: https://www.mongodb.com/docs/manual/reference/command/listCollections/ */
export function listCollections(engine: Engine, { body, db }: Command): Promise<Reply> {
  const matches = compileFilter(documentOption(body, 'filter') ?? {});
  const listed = engine.catalog.inDatabase(db).map((collection) => describe(collection, flagOption(body, 'nameOnly')));
  const sorted = listed
    .filter((each) => matches(each))
    .sort((a, b) => (String(a['name']) < String(b['name']) ? -1 : 1));
  return firstBatch(engine, `${db}.$cmd.listCollections`, new ListSource(sorted), Infinity, false);
}

/** listDatabases: https://www.mongodb.com/docs/manual/reference/command/listDatabases/ */
export function listDatabases(engine: Engine, { body }: Command): Reply {
  const matches = compileFilter(documentOption(body, 'filter') ?? {});
  const names = [...new Set(engine.catalog.all().map(({ db }) => db))].sort();
  const sizeOnDisk = Long.fromNumber(engine.store.size());
  const databases = names.map((name) => ({ name, sizeOnDisk, empty: false })).filter((each) => matches(each));
  return flagOption(body, 'nameOnly')
    ? { databases: databases.map(({ name }) => ({ name })), ok: 1 }
    : {
        databases,
        totalSize: sizeOnDisk,
        totalSizeMb: Long.fromNumber(Math.floor(sizeOnDisk.toNumber() / 1048576)),
        ok: 1,
      };
}

interface Sizes {
  count: number;
  size: number;
}

/** Sizes are estimated from the first documents, so that asking does not read everything. */
function sizesOf(engine: Engine, collection: Collection): Sizes {
  const sample = engine.store.scan(collection.space, {}, 100);
  const bytes = sample.reduce((sum, { value }) => sum + value.length, 0);
  return {
    count: collection.count,
    size: sample.length === 0 ? 0 : Math.round((bytes / sample.length) * collection.count),
  };
}

/** collStats: https://www.mongodb.com/docs/manual/reference/command/collStats/ */
export function collStats(engine: Engine, command: Command): Reply {
  const name = collectionName(command);
  const collection = engine.find(command.db, name);
  const { count, size } = collection ? sizesOf(engine, collection) : { count: 0, size: 0 };
  const indexes = collection?.indexes ?? [];
  return {
    ns: `${command.db}.${name}`,
    count,
    size,
    avgObjSize: count === 0 ? 0 : Math.round(size / count),
    storageSize: size,
    nindexes: indexes.length,
    indexSizes: Object.fromEntries(indexes.map((index) => [index.name, 0])),
    totalIndexSize: 0,
    totalSize: size,
    capped: false,
    scaleFactor: 1,
    ok: 1,
  };
}

/** dbStats: https://www.mongodb.com/docs/manual/reference/command/dbStats/ */
export function dbStats(engine: Engine, { db }: Command): Reply {
  const collections = engine.catalog.inDatabase(db);
  const sizes = collections.map((collection) => sizesOf(engine, collection));
  const objects = sizes.reduce((sum, { count }) => sum + count, 0);
  const dataSize = sizes.reduce((sum, { size }) => sum + size, 0);
  const indexes = collections.reduce((sum, collection) => sum + collection.indexes.length, 0);
  return {
    db,
    collections: collections.length,
    views: 0,
    objects,
    avgObjSize: objects === 0 ? 0 : dataSize / objects,
    dataSize,
    storageSize: dataSize,
    indexes,
    indexSize: 0,
    totalSize: dataSize,
    scaleFactor: 1,
    ok: 1,
  };
}
