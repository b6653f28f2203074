import { randomUUID } from 'node:crypto';
import { createServer as createHttpServer } from 'node:http';
import type { Logger } from 'pino';
import type { Channel, Provider } from '../channels/channel.ts';
import type { Timings } from '../channels/outbox/timings.ts';
import { createCatalogue } from '../languages/catalogue.ts';
import { createOrder } from '../models/order.ts';
import { createAccept, type Screen } from './accept.ts';
import type { Config } from './config.ts';
import { Directory } from './directory.ts';
import { createIntake } from './intake.ts';
import { closeServer, listen } from './listen.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { privacyPage } from './privacy-page.ts';
import { createProviders, type ProviderParts } from './providers.ts';
import { readinessChecks } from './readiness.ts';
import { createServer } from './server.ts';
import type { Store } from './store.ts';
import { createWorkers, type Workers } from './workers.ts';

/** What tests, the terminal chat and the soak change about a service. */
export interface ServiceOptions {
  providers?: (parts: ProviderParts) => Provider[];
  screens?: readonly Screen[];
  timings?: Partial<Timings>;
  now?: () => Date;
}

/** A running service. */
export interface Service {
  url: string;
  channels: string[];
  metrics: Metrics;
  stop(): Promise<void>;
}

/**
 * Composes and starts the service: everything that knows everything is below this function. Rejects when it cannot listen.
 * The database is opened before (bot/store.ts) and closed after.
 */
export async function startService(
  config: Config,
  store: Store,
  log: Logger,
  options: ServiceOptions = {},
): Promise<Service> {
  const now = options.now ?? ((): Date => new Date());
  const order = createOrder(now);
  const metrics = createMetrics();
  const catalogue = createCatalogue();
  const { database } = store;
  const directory = new Directory(database.services, log);
  await directory.start();

  const late: { workers?: Workers } = {};
  const accept = createAccept({
    ...database,
    screens: options.screens ?? [],
    order,
    now,
    log,
    stored: (id) => late.workers?.inbox.wake(id),
  });
  const intake = createIntake({
    accept,
    receipt: (receipt) => workersOf(late.workers).outbox.receipt(receipt),
    metrics,
  });
  const providers = (options.providers ?? createProviders)({ config, intake, settings: database.settings, log, now });
  const channels = byName(providers);
  const workers = createWorkers({
    config,
    database,
    catalogue,
    channels,
    directory,
    metrics,
    order,
    now,
    log,
    owner: randomUUID(),
    timings: options.timings ?? {},
  });
  late.workers = workers;

  const routes = config.roles.web ? [privacyPage(catalogue), ...providers.map((provider) => provider.routes)] : [];
  const checks = readinessChecks({ database, workers: config.roles.worker ? workers : null, now });
  const server = createHttpServer(createServer({ routes, checks, metrics, log }));
  const url = await listen(server, config.port, config.host);
  if (config.roles.worker) workers.start();
  return {
    url,
    channels: [...channels.keys()],
    metrics,
    async stop() {
      await closeServer(server);
      await workers.stop();
      directory.stop();
    },
  };
}

function byName(providers: readonly Provider[]): Map<string, Channel> {
  return new Map(providers.flatMap((provider) => provider.channels).map((channel) => [channel.name, channel]));
}

function workersOf(workers: Workers | undefined): Workers {
  if (!workers) throw new Error('A receipt came before the service was composed.');
  return workers;
}
