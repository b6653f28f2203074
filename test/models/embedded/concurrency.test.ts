import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { mongo } from 'mongoose';
import { startServer, type TestServer } from './test-server.ts';

interface Row {
  readonly _id: string;
  version?: number;
  n?: number;
  owner?: number;
  u?: string;
}

let server: TestServer;
let clients: mongo.MongoClient[];

beforeAll(async () => {
  server = await startServer();
  clients = await Promise.all([1, 2, 3, 4].map(() => mongo.MongoClient.connect(server.uri, { maxPoolSize: 25 })));
});
afterAll(async () => {
  await Promise.all(clients.map((client) => client.close()));
  await server.stop();
});
beforeEach(() => rows(0).deleteMany({}));

function rows(index: number): mongo.Collection<Row> {
  const client = clients[index % clients.length];
  if (!client) throw new Error('no client');
  return client.db('race').collection<Row>('rows');
}

const hundred = Array.from({ length: 100 }, (_, index) => index);

describe('one document, many clients', () => {
  test('of a hundred compare-and-sets exactly one wins', async () => {
    await rows(0).insertOne({ _id: 'a', version: 1 });
    const results = await Promise.all(
      hundred.map((owner) =>
        rows(owner).findOneAndUpdate({ _id: 'a', version: 1 }, { $set: { owner }, $inc: { version: 1 } }),
      ),
    );
    expect(results.filter((result) => result !== null)).toHaveLength(1);
    expect(await rows(0).findOne({ _id: 'a' })).toMatchObject({ version: 2 });
  });

  test('increments add up', async () => {
    await rows(0).insertOne({ _id: 'n', n: 0 });
    await Promise.all(hundred.map((index) => rows(index).updateOne({ _id: 'n' }, { $inc: { n: 1 } })));
    expect(await rows(0).findOne({ _id: 'n' })).toMatchObject({ n: 100 });
  });

  test('a queue hands out each entry once', async () => {
    await rows(0).insertMany(hundred.map((n) => ({ _id: `q${n}`, n, u: 'waiting' })));
    const taken = await Promise.all(
      hundred.map((index) =>
        rows(index).findOneAndUpdate({ u: 'waiting' }, { $set: { u: 'taken' } }, { sort: { n: 1 } }),
      ),
    );
    expect(new Set(taken.map((row) => row?._id)).size).toBe(100);
  });

  test('upserts of one unique value leave one document', async () => {
    await rows(0).createIndexes([{ key: { u: 1 }, unique: true }]);
    const results = await Promise.allSettled(
      hundred.map((n) =>
        rows(n).updateOne({ u: 'same' }, { $setOnInsert: { _id: `id${n}` }, $inc: { n: 1 } }, { upsert: true }),
      ),
    );
    expect(results.every((result) => result.status === 'fulfilled')).toBe(true);
    expect(await rows(0).find({ u: 'same' }).toArray()).toMatchObject([{ n: 100 }]);
    await rows(0).dropIndexes();
  });

  test('of a hundred inserts of one _id one succeeds', async () => {
    const results = await Promise.allSettled(hundred.map((n) => rows(n).insertOne({ _id: 'x', n })));
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
  });
});

describe('long work beside short', () => {
  test('a report over many documents does not hold up a lookup', async () => {
    const many = Array.from({ length: 20_000 }, (_, n) => ({ _id: `d${n}`, n }));
    for (let from = 0; from < many.length; from += 5000) await rows(0).insertMany(many.slice(from, from + 5000));
    const order: string[] = [];
    const report = rows(0)
      .aggregate([{ $group: { _id: { $mod: ['$n', 7] }, n: { $sum: 1 } } }])
      .toArray();
    const done = report.then(() => order.push('report'));
    for (let n = 0; n < 3; n += 1) {
      await rows(1).findOne({ _id: `d${n}` });
      order.push('lookup');
    }
    await done;
    expect(order.slice(0, 3)).toEqual(['lookup', 'lookup', 'lookup']);
    expect(await report).toHaveLength(7);
  });

  test('a cursor goes on while documents come and go', async () => {
    await rows(0).insertMany(hundred.map((n) => ({ _id: `c${String(n).padStart(3, '0')}`, n })));
    const seen: string[] = [];
    for await (const { _id } of rows(0).find({}, { batchSize: 7, sort: { _id: 1 } })) {
      seen.push(_id);
      if (seen.length === 20) await rows(1).deleteMany({ n: { $gte: 50, $lt: 60 } });
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toHaveLength(90);
  });

  test('an index is built while writes go on', async () => {
    const many = Array.from({ length: 3000 }, (_, n) => ({ _id: `i${n}`, n }));
    await rows(0).insertMany(many);
    const building = rows(0).createIndexes([{ key: { n: 1 } }]);
    await Promise.all(hundred.map((n) => rows(n).updateOne({ _id: `i${n * 30}` }, { $set: { n: -n - 1 } })));
    await building;
    expect(
      await rows(0)
        .find({ n: { $lt: 0 } }, { hint: { n: 1 } })
        .toArray(),
    ).toHaveLength(100);
    expect(
      await rows(0)
        .find({ n: { $gte: 0 } }, { hint: { n: 1 } })
        .toArray(),
    ).toHaveLength(2900);
  });
});
