import { randomBytes } from 'node:crypto';
import { type Database, openDatabase } from '../../models/database.ts';
import { Keyring } from '../../models/keyring.ts';

/** A keyring for tests. */
export const TEST_KEYRING = new Keyring([{ id: 'k1', secret: Buffer.alloc(32, 7) }]);

/** The server that tests run on (test/support/start-database.js). */
export function testDatabaseUri(): string {
  const uri = process.env['TEST_DATABASE_URI'];
  if (!uri) throw new Error('TEST_DATABASE_URI is unset: run the tests with npm test, which starts a database.');
  return uri;
}

/** An empty database of its own, with indexes; `drop` removes it and closes the connection. */
export async function freshDatabase(
  keyring = TEST_KEYRING,
  uri = testDatabaseUri(),
): Promise<Database & { name: string; drop(): Promise<void> }> {
  const name = `test-${randomBytes(6).toString('hex')}`;
  const database = await openDatabase(uri, keyring, { name });
  await database.ensureIndexes();
  return {
    ...database,
    name,
    async drop() {
      await database.connection.dropDatabase();
      await database.close();
    },
  };
}
