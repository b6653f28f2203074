import { openDatabase, type Database } from '../../../models/database.ts';
import { startEmbedded } from '../../../models/embedded/start.ts';
import type { Keyring } from '../../../models/keyring.ts';
import { readConfig } from '../../config.ts';
import { scrub } from '../../logger.ts';
import { loadKeyring } from '../../secrets.ts';
import { AdminProblem, type AdminContext } from './command.ts';
import type { Streams } from './run-command.ts';

/**
 * Opens what the service itself would use: the configured database, or the embedded one in DATA_DIR, joining it when the
 * service runs. Builds nothing: indexes and content are as the service left them. Throws ConfigError.
 */
export async function openContext(
  env: Readonly<Record<string, string | undefined>>,
  streams: Streams,
): Promise<{ context: AdminContext; close(): Promise<void> }> {
  const config = readConfig(env);
  const keyring = await loadKeyring(config.secretKeys, config.dataDir);
  const embedded = config.mongodbUri
    ? null
    : await startEmbedded({
        dataDir: config.dataDir,
        ...(config.embeddedPort !== undefined && { port: config.embeddedPort }),
      });
  try {
    const database = await connect(config.mongodbUri ?? embedded?.uri ?? '', keyring);
    return {
      context: { ...streams, database, keyring, config, now: () => new Date() },
      async close() {
        await database.close();
        await embedded?.close();
      },
    };
  } catch (error) {
    await embedded?.close();
    throw error;
  }
}

async function connect(uri: string, keyring: Keyring): Promise<Database> {
  try {
    return await openDatabase(uri, keyring);
  } catch (error) {
    const reason = scrub(error instanceof Error ? error.message : '');
    throw new AdminProblem(
      `The database cannot be reached (${reason}). Is MONGODB_URI right, and does the server run?`,
    );
  }
}
