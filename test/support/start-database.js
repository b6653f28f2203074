import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Before all tests: one database server for every test file, each of which uses databases of its own name.
 * TEST_MONGODB_URI names another server to run the same tests on. Plain JavaScript, because jest loads this file before it
 * transforms anything; the server is the built one (npm test builds first).
 */
export default async function startDatabase() {
  const given = process.env.TEST_MONGODB_URI;
  if (given) {
    process.env.TEST_DATABASE_URI = given;
    return;
  }
  const { startEmbedded } = await import('../../dist/models/embedded/start.js');
  const embedded = await startEmbedded({ dataDir: await mkdtemp(join(tmpdir(), 'shuni-test-')) });
  process.env.TEST_DATABASE_URI = embedded.uri;
  globalThis.stopDatabase = embedded.close;
}
