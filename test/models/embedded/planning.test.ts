import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Document } from 'bson';
import { mongo } from 'mongoose';
import { startServer, type TestServer } from './test-server.ts';

let server: TestServer;
let client: mongo.MongoClient;
let db: mongo.Db;

beforeAll(async () => {
  server = await startServer({ args: ['--ttl', '1'] });
  client = await mongo.MongoClient.connect(server.uri);
  db = client.db('plan');
  await db
    .collection('rows')
    .createIndexes([
      { key: { slot: 1 }, unique: true },
      { key: { state: 1, at: -1 } },
      { key: { tags: 1 } },
      { key: { open: 1, at: 1 }, partialFilterExpression: { open: true }, name: 'open' },
      { key: { note: 1 }, sparse: true },
    ]);
  const docs = Array.from({ length: 2000 }, (_, n) => ({
    slot: `s${n}`,
    state: n % 4,
    at: new Date(n * 1000),
    tags: [n % 10, 100 + n],
    open: n % 100 === 0,
    ...(n % 50 === 0 ? { note: `n${n}` } : {}),
  }));
  await db.collection('rows').insertMany(docs);
});
afterAll(async () => {
  await client.close();
  await server.stop();
});

interface Explained {
  readonly index: string;
  readonly examined: number;
  readonly returned: number;
  readonly sorts: boolean;
}

async function explain(command: Document): Promise<Explained> {
  const reply = await db.command({ explain: command });
  const plan = (reply['queryPlanner'] as Document)['winningPlan'] as Document;
  const sorts = plan['stage'] === 'SORT';
  const fetch = sorts ? (plan['inputStage'] as Document) : plan;
  const scan = (fetch['inputStage'] ?? fetch) as Document;
  const stats = reply['executionStats'] as Document;
  return {
    index: String(scan['indexName'] ?? scan['stage']),
    examined: Number(stats['totalDocsExamined']),
    returned: Number(stats['nReturned']),
    sorts,
  };
}

describe('the plan of', () => {
  test.each<[string, Document, Partial<Explained>]>([
    ['an _id', { filter: { _id: 5 } }, { index: 'IDHACK', examined: 0 }],
    ['an equality', { filter: { slot: 's77' } }, { index: 'slot_1', examined: 1, returned: 1 }],
    ['an $in', { filter: { slot: { $in: ['s7', 's8', 'none'] } } }, { index: 'slot_1', examined: 2 }],
    ['a range', { filter: { slot: { $gte: 's1990', $lt: 's1993' } } }, { index: 'slot_1', examined: 3 }],
    ['a prefix', { filter: { slot: /^s199/ } }, { index: 'slot_1', examined: 11 }],
    [
      'equality and range',
      { filter: { state: 1, at: { $gte: new Date(1_990_000) } } },
      { index: 'state_1_at_-1', examined: 2 },
    ],
    [
      'equality, sort and limit',
      { filter: { state: 2 }, sort: { at: -1 }, limit: 20 },
      { index: 'state_1_at_-1', examined: 20, returned: 20, sorts: false },
    ],
    [
      'a sort backwards',
      { filter: { state: 2 }, sort: { at: 1 }, limit: 5 },
      { index: 'state_1_at_-1', examined: 5, sorts: false },
    ],
    [
      'a sort by the whole index',
      { sort: { state: 1, at: -1 }, limit: 10 },
      { index: 'state_1_at_-1', examined: 10, sorts: false },
    ],
    [
      'a sort no index gives',
      { filter: { state: 2 }, sort: { slot: 1 }, limit: 5 },
      { index: 'state_1_at_-1', sorts: true, returned: 5 },
    ],
    ['an array element', { filter: { tags: 150 } }, { index: 'tags_1', examined: 1 }],
    ['a partial index', { filter: { open: true, at: { $lt: new Date(500_000) } } }, { index: 'open', examined: 5 }],
    ['what a partial index lacks', { filter: { open: false, at: { $lt: new Date(5000) } } }, { index: 'COLLSCAN' }],
    ['a sparse index', { filter: { note: 'n50' } }, { index: 'note_1', examined: 1 }],
    ['what a sparse index lacks', { filter: { note: null } }, { index: 'COLLSCAN' }],
    ['a field without an index', { filter: { nothing: 1 } }, { index: 'COLLSCAN', examined: 2000 }],
    ['the narrower of two indexes', { filter: { slot: 's9', state: 1 } }, { index: 'slot_1', examined: 1 }],
  ])('%s', async (_label, options, expected) => {
    expect(await explain({ find: 'rows', ...options })).toMatchObject(expected);
  });

  test('findAndModify with filter and sort', async () => {
    expect(
      await explain({ findAndModify: 'rows', query: { state: 3 }, sort: { at: 1 }, update: { $set: { x: 1 } } }),
    ).toMatchObject({ index: 'state_1_at_-1', examined: 1, sorts: false });
  });

  test('aggregate that begins with $match', async () => {
    expect(await explain({ aggregate: 'rows', pipeline: [{ $match: { slot: 's4' } }], cursor: {} })).toMatchObject({
      index: 'slot_1',
      examined: 1,
    });
  });
});

describe('TTL', () => {
  test('documents whose time is over go, others stay', async () => {
    const rows = db.collection<{ _id: string; at?: unknown }>('fading');
    await rows.createIndexes([{ key: { at: 1 }, expireAfterSeconds: 60 }]);
    const old = new Date(Date.now() - 3_600_000);
    await rows.insertMany([
      { _id: 'old', at: old },
      { _id: 'fresh', at: new Date() },
      { _id: 'text', at: 'x' },
      { _id: 'none' },
      { _id: 'array', at: [new Date(), old] },
    ]);
    const started = Date.now();
    while ((await rows.countDocuments()) > 3 && Date.now() - started < 20_000)
      await new Promise((resolve) => setImmediate(resolve));
    expect((await rows.find({}, { sort: { _id: 1 } }).toArray()).map(({ _id }) => _id)).toEqual([
      'fresh',
      'none',
      'text',
    ]);
  }, 30_000);
});
