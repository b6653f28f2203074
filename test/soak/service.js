import process from 'node:process';
import { setTimeout } from 'node:timers';
import { readConfig } from '../../dist/bot/config.js';
import { createLogger } from '../../dist/bot/logger.js';

/**
 * One service process of the crash test: what bot/main.js does, with the durations of the outbox from SOAK_TIMINGS. Plain
 * JavaScript over the built service, because it is started hundreds of times and a loader would double what that takes.
 * Tells its parent where it listens, and ends when the parent is gone.
 */
const STOP_WITHIN_MS = 30_000;

async function main() {
  process.on('disconnect', () => process.exit(1));
  const config = readConfig(process.env);
  const log = createLogger(config.logLevel);
  const { openStore } = await import('../../dist/bot/store.js');
  const store = openStore(config, log);
  const [{ startService }, opened] = await Promise.all([import('../../dist/bot/service.js'), store]);
  const service = await startService(config, opened, log, { timings: JSON.parse(process.env.SOAK_TIMINGS ?? '{}') });
  log.info({ url: service.url }, 'ready');
  process.once('SIGTERM', () => {
    setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
    void service
      .stop()
      .then(() => opened.close())
      .finally(() => process.exit(0));
  });
  process.send?.({ url: service.url });
}

main().catch((error) => {
  createLogger('info').fatal({ err: error }, 'could not start');
  process.exit(1);
});
