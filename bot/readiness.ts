import type { Database } from '../models/database.ts';
import type { Check } from './server.ts';
import type { Workers } from './workers.ts';

/** A worker that has not swept for this long is not working. */
const HEARTBEAT_MS = 15_000;
const PING_MS = 1000;

/** What readyz looks at. A process without the worker role has no heartbeat to show. */
export function readinessChecks(parts: {
  database: Database;
  workers: Workers | null;
  now: () => Date;
}): Record<string, Check> {
  const { database, workers, now } = parts;
  return {
    database: () => pinged(database),
    ...(workers && {
      worker: () => {
        const beat = workers.inbox.heartbeat;
        const fresh = beat !== null && now().getTime() - beat.getTime() < HEARTBEAT_MS;
        return Promise.resolve(fresh ? null : 'the inbox worker has not swept lately');
      },
    }),
  };
}

async function pinged(database: Database): Promise<string | null> {
  const late = new Promise<string>((resolve) =>
    setTimeout(resolve, PING_MS, 'does not answer within a second').unref(),
  );
  const ping = database.ping().then(
    () => null,
    () => 'cannot be reached',
  );
  return Promise.race([ping, late]);
}
