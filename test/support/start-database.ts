import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbedded } from '../../models/embedded/start.ts';

/**
 * Before all tests: one database server for every test file, each of which uses databases of its own name.
 * TEST_MONGODB_URI names another server to run the same tests on.
 */
export default async function startDatabase(): Promise<void> {
  const given = process.env['TEST_MONGODB_URI'];
  if (given) {
    process.env['TEST_DATABASE_URI'] = given;
    return;
  }
  const dataDir = await mkdtemp(join(tmpdir(), 'shuni-test-'));
  const embedded = await startEmbedded({ dataDir });
  process.env['TEST_DATABASE_URI'] = embedded.uri;
  (globalThis as { stopDatabase?: () => Promise<void> }).stopDatabase = embedded.close;
}
