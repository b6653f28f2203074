import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mongo } from 'mongoose';
import { startServer, type TestServer } from '../test-server.ts';
import type { Case } from './case.ts';
import { groups } from './groups.ts';
import { type Answer, comparable, runCase } from './run-case.ts';

const foreignUri = process.env['TEST_MONGODB_URI'];

let server: TestServer | undefined;
let client: mongo.MongoClient;

beforeAll(async () => {
  server = foreignUri === undefined ? await startServer() : undefined;
  client = await mongo.MongoClient.connect(foreignUri ?? server?.uri ?? '');
});

afterAll(async () => {
  await client.db('conformance').dropDatabase();
  await client.close();
  await server?.stop();
});

function sorted(list: readonly unknown[]): unknown[] {
  return [...list].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

function batchOf(answer: Answer, { anyOrder, exact }: Case): unknown {
  const { firstBatch } = (answer.reply['cursor'] ?? {}) as { firstBatch?: unknown[] };
  const batch = comparable(firstBatch ?? answer.reply, exact ?? false);
  return anyOrder === true && Array.isArray(batch) ? sorted(batch) : batch;
}

function check(each: Case, answer: Answer): void {
  const exact = each.exact ?? false;
  const expectedBatch = each.batch && (comparable(each.batch, exact) as unknown[]);
  expect({
    code: answer.code,
    batch: expectedBatch && batchOf(answer, each),
    reply: each.reply && comparable(answer.reply, exact),
    after: each.after && comparable(answer.after, exact),
  }).toMatchObject({
    // The gateway in front of another server may lose which error it was; that it is one must still agree.
    code: foreignUri === undefined || each.error === undefined ? each.error : (expect.any(Number) as unknown),
    batch: each.anyOrder === true && expectedBatch ? sorted(expectedBatch) : expectedBatch,
    reply: each.reply && comparable(each.reply, exact),
    after: each.after && comparable(each.after, exact),
  });
}

describe.each(groups)('$name', ({ cases }) => {
  const known = new Set(foreignUri === undefined ? [] : cases.filter(({ differs }) => differs !== undefined));
  test.each(cases.filter((each) => !known.has(each)))('$label', async (each) => {
    expect.hasAssertions();
    check(each, await runCase(client.db('conformance'), each));
  });
});

test('labels are unique, so that a failure names one case', () => {
  const labels = groups.flatMap(({ name, cases }) => cases.map(({ label }) => `${name}: ${label}`));
  expect(labels).toHaveLength(new Set(labels).size);
});
