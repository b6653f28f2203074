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
export async function runCase(db: mongo.Db, each: Case): Promise<Answer> {
  await prepare(db, each);
  const reply = await answerOf(db, each.command);
  const options = { promoteValues: false, sort: { _id: 1 } } as const;
  const after = each.after && (await db.collection('c').find({}, options).toArray());
  return { reply, code: codeOf(reply), after };
}

async function prepare(db: mongo.Db, { docs, others, indexes, before = [] }: Case): Promise<void> {
  await db.dropDatabase();
  for (const [name, list] of Object.entries({ ...(docs ? { c: docs } : {}), ...others }))
    await mustSucceed(db, list.length > 0 ? { insert: name, documents: [...list] } : { create: name });
  if (indexes) await mustSucceed(db, { createIndexes: 'c', indexes: [...indexes] });
  for (const each of before) await mustSucceed(db, each);
}

function codeOf(reply: Document): number | undefined {
  if (reply['ok'] !== 1) return Number(reply['code']);
  const [writeError] = (reply['writeErrors'] ?? []) as Document[];
  return writeError && Number(writeError['code']);
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
