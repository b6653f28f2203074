import type { Logger } from 'pino';
import { openDatabase, type Database } from '../models/database.ts';
import { startEmbedded } from '../models/embedded/start.ts';
import type { Config } from './config.ts';
import { loadKeyring } from './secrets.ts';

/** The opened database and what keeps it running. */
export interface Store {
  database: Database;
  close(): Promise<void>;
}

/** Opens the configured database, or the embedded one in DATA_DIR, with the service's keys and its indexes. */
export async function openStore(
  config: Pick<Config, 'mongodbUri' | 'dataDir' | 'embeddedPort' | 'secretKeys'>,
  log: Logger,
): Promise<Store> {
  const keyring = await loadKeyring(config.secretKeys, config.dataDir);
  const embedded = config.mongodbUri
    ? null
    : await startEmbedded({
        dataDir: config.dataDir,
        log: (message) => {
          log.info(message);
        },
        ...(config.embeddedPort !== undefined && { port: config.embeddedPort }),
      });
  const database = await openDatabase(config.mongodbUri ?? embedded?.uri ?? '', keyring);
  await database.ensureIndexes();
  return {
    database,
    async close() {
      await database.close();
      await embedded?.close();
    },
  };
}
