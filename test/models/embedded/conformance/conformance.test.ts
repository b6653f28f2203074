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

/** Documents as text, one a line: the order of their fields counts. */
function inOrder(documents: unknown): unknown {
  return Array.isArray(documents) ? documents.map((document) => JSON.stringify(document)) : documents;
}

interface Compared {
  readonly code: unknown;
  readonly batch: unknown;
  readonly reply: unknown;
  readonly after: unknown;
}

function wanted(each: Case): Compared {
  const exact = each.exact ?? false;
  const batch = each.batch && (comparable(each.batch, exact) as unknown[]);
  return {
    // The gateway in front of another server may lose which error it was; that it is one must still agree.
    code: foreignUri === undefined || each.error === undefined ? each.error : expect.any(Number),
    batch: inOrder(each.anyOrder === true && batch ? sorted(batch) : batch),
    reply: each.reply && comparable(each.reply, exact),
    after: inOrder(each.after && comparable(each.after, exact)),
  };
}

function seen(each: Case, answer: Answer): Compared {
  const exact = each.exact ?? false;
  return {
    code: answer.code,
    batch: inOrder(each.batch && batchOf(answer, each)),
    reply: each.reply && comparable(answer.reply, exact),
    after: inOrder(each.after && comparable(answer.after, exact)),
  };
}

describe.each(groups)('$name', ({ cases }) => {
  const known = new Set(foreignUri === undefined ? [] : cases.filter(({ differs }) => differs !== undefined));
  test.each(cases.filter((each) => !known.has(each)))('$label', async (each) => {
    const { reply, ...rest } = seen(each, await runCase(client.db('conformance'), each));
    const { reply: wantedReply, ...wantedRest } = wanted(each);
    expect(rest).toEqual(wantedRest);
    expect({ reply }).toMatchObject({ reply: wantedReply });
  });
});

test('labels are unique, so that a failure names one case', () => {
  const labels = groups.flatMap(({ name, cases }) => cases.map(({ label }) => `${name}: ${label}`));
  expect(labels).toHaveLength(new Set(labels).size);
});
