import { type Document, EJSON } from 'bson';
import { mongo } from 'mongoose';
import type { Case } from './case.ts';

/** What a server answered, in a form two servers can be compared by. */
export interface Answer {
  readonly reply: Document;
  readonly code: number | undefined;
  readonly after: unknown;
}

/** Prepares a fresh collection, runs the case's command and looks at what is left. */
export async function runCase(db: mongo.Db, { docs, others, indexes, before, command, after }: Case): Promise<Answer> {
  await db.dropDatabase();
  for (const [name, list] of Object.entries({ ...(docs ? { c: docs } : {}), ...others }))
    if (list.length > 0) await mustSucceed(db, { insert: name, documents: [...list] });
    else await mustSucceed(db, { create: name });
  if (indexes) await mustSucceed(db, { createIndexes: 'c', indexes: [...indexes] });
  for (const each of before ?? []) await mustSucceed(db, each);
  const reply = await answerOf(db, command);
  const left = after && (await db.collection('c').find({}, { promoteValues: false, sort: { _id: 1 } }).toArray());
  const [writeError] = (reply['writeErrors'] ?? []) as Document[];
  const code = reply['ok'] === 1 ? Number(writeError?.['code'] ?? NaN) : Number(reply['code']);
  return { reply, code: Number.isNaN(code) ? undefined : code, after: left };
}

async function answerOf(db: mongo.Db, command: Document): Promise<Document> {
  try {
    const reply = await db.command(command, { promoteValues: false, raw: false });
    return { ...reply, ok: 1 };
  } catch (error) {
    if (error instanceof mongo.MongoServerError) return { ...error.errorResponse, ok: 0, code: Number(error.code) };
    throw error;
  }
}

async function mustSucceed(db: mongo.Db, command: Document): Promise<void> {
  const reply = await db.command(command);
  if (reply['writeErrors'] !== undefined) throw new Error(JSON.stringify(reply['writeErrors']));
}

/** Values as text-friendly JSON: with BSON types when `exact`, else with plain numbers and dates. */
export function comparable(value: unknown, exact: boolean): unknown {
  const text = EJSON.stringify({ value }, { relaxed: !exact });
  return (JSON.parse(text) as { value: unknown }).value;
}
