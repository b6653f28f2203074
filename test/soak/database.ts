import { openDatabase } from '../../models/database.ts';
import { Keyring } from '../../models/keyring.ts';
import { SECRET } from './settings.ts';

/** A connection string with a database's name put in. Throws when it is none. */
export function namedUri(uri: string, name: string): string {
  const [, server, options = ''] = /^(mongodb(?:\+srv)?:\/\/[^/?]+)\/?[^?]*(\?.*)?$/.exec(uri) ?? [];
  if (server === undefined) throw new Error('not a MongoDB connection string');
  return `${server}/${name}${options}`;
}

/** Removes a run's database from a server that is not the run's own. */
export async function dropDatabase(uri: string): Promise<void> {
  const database = await openDatabase(uri, new Keyring([SECRET]));
  await database.connection.dropDatabase();
  await database.close();
}
