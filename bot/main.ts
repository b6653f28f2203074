import { existsSync } from 'node:fs';
import { loadEnvFile } from 'node:process';
import { ConfigError, readConfig, type Config } from './config.ts';
import { createLogger } from './logger.ts';

/** How long a stop may take before the process ends anyway; leases and rows make up for what was cut off. */
const STOP_WITHIN_MS = 30_000;

async function main(): Promise<void> {
  if (existsSync('.env')) loadEnvFile('.env');
  const config = configOrExit();
  const log = createLogger(config.logLevel);
  // The database starts while the rest is still being loaded.
  const { openStore } = await import('./store.ts');
  const store = openStore(config, log);
  const [{ startService }, opened] = await Promise.all([import('./service.ts'), store]);
  const service = await startService(config, opened, log);
  log.info({ url: service.url, channels: service.channels, roles: config.roles }, 'ready');
  let stopping = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (stopping) process.exit(1);
      stopping = true;
      log.info({ signal }, 'stopping: finishing what is under way');
      setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
      void service
        .stop()
        .then(() => opened.close())
        .finally(() => process.exit(0));
    });
  }
}

function configOrExit(): Config {
  try {
    return readConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\nREADME.md, "Configuration", says what each variable means.\n`);
    process.exit(1);
  }
}

main().catch((error: unknown) => {
  createLogger('info').fatal({ err: error }, 'could not start');
  process.exit(1);
});
