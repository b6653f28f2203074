import type { Database } from '../../../../models/database.ts';
import { AdminProblem } from '../command.ts';

/** The database below the models: snapshots and checks see what is stored, not what a schema makes of it. */
export type RawDatabase = NonNullable<Database['connection']['db']>;

/** A stored document as the driver gives it. */
export type RawDocument = { _id: unknown } & Record<string, unknown>;

export function rawOf(database: Database): RawDatabase {
  if (!database.connection.db) throw new AdminProblem('The connection to the database is lost; try again.');
  return database.connection.db;
}

/** Every collection with something in it or not, without the server's own, by name. */
export async function collectionNames(raw: RawDatabase): Promise<string[]> {
  const listed = await raw.listCollections({}, { nameOnly: true }).toArray();
  return listed
    .map((collection) => collection.name)
    .filter((name) => !name.startsWith('system.'))
    .toSorted();
}

/** Every document of a collection, numbers in the type they are stored in, so that they are put back in the same. */
export function exactDocuments(raw: RawDatabase, collection: string): AsyncIterable<RawDocument> {
  const exact = { promoteValues: false, promoteLongs: false, batchSize: 1000 };
  return raw.collection(collection).find({}, exact);
}

/** Names of the collections that hold at least one document. */
export async function filledCollections(raw: RawDatabase): Promise<string[]> {
  const filled: string[] = [];
  for (const name of await collectionNames(raw)) {
    if ((await raw.collection(name).findOne({}, { projection: { _id: 1 } })) !== null) filled.push(name);
  }
  return filled;
}
