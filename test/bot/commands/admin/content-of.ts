import { EJSON } from 'bson';
import type { Database } from '../../../../models/database.ts';

/**
 * Everything stored, by collection, each document as canonical Extended JSON: equal means equal to the type of a number.
 * Collections in `except` are left out.
 */
export async function contentOf(database: Database, except: readonly string[] = []): Promise<Record<string, string[]>> {
  const { db } = database.connection;
  if (!db) throw new Error('not connected');
  const content: Record<string, string[]> = {};
  for (const { name } of await db.listCollections().toArray()) {
    if (except.includes(name)) continue;
    const documents = await db.collection(name).find({}, { promoteValues: false }).toArray();
    const lines = documents.map((document) => EJSON.stringify(document, { relaxed: false })).toSorted();
    if (lines.length > 0) content[name] = lines;
  }
  return content;
}
