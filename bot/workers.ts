import type { Logger } from 'pino';
import type { Channel } from '../channels/channel.ts';
import { createMediaWorker } from '../channels/media/fetch-job.ts';
import { createOutbox, type Outbox } from '../channels/outbox/outbox.ts';
import { priorityOf } from '../channels/outbox/purposes.ts';
import type { Timings } from '../channels/outbox/timings.ts';
import { createDialog } from '../dialogs/engine.ts';
import type { Lapse } from '../dialogs/turn.ts';
import type { Catalogue } from '../languages/catalogue.ts';
import { suggestCodings } from '../coding/suggest.ts';
import type { Database } from '../models/database.ts';
import { ShuniAdapter } from './adapter.ts';
import { applyEvents } from './appliers/registry.ts';
import type { Config } from './config.ts';
import type { Directory } from './directory.ts';
import { ShuniHandler } from './handler.ts';
import { Inbox } from './inbox.ts';
import type { Metrics } from './metrics.ts';
import { handOff } from './middleware/hand-off.ts';
import { language } from './middleware/language.ts';
import { mediaOf } from './media-of.ts';
import { countBacklog, outboxAlerts, outboxMetrics } from './outbox-metrics.ts';
import { proactiveTurns } from './proactive.ts';
import { Settling } from './settling.ts';
import { sweepErasures } from './sweeps/erasure.ts';
import { every, type Repeating } from './sweeps/every.ts';
import { sweepLapsed, type LapseParts } from './sweeps/lapse.ts';
import { Templates } from './templates.ts';
import type { TurnParts } from './turn.ts';

export interface WorkerParts {
  config: Config;
  database: Database;
  catalogue: Catalogue;
  channels: ReadonlyMap<string, Channel>;
  directory: Directory;
  metrics: Metrics;
  order: () => number;
  now: () => Date;
  log: Logger;
  owner: string;
  timings: Partial<Timings>;
}

/** What works behind the webhooks: turns, sending, media, and the sweeps. */
export interface Workers {
  inbox: Inbox;
  outbox: Outbox;
  start(): void;
  stop(): Promise<void>;
}

/** How long a worker may hold a conversation without a sign of life. */
const LEASE_MS = 15_000;
const CONCURRENCY = 16;
const MEDIA_MAX_BYTES = 16_000_000;

/** Puts the workers together. Nothing runs until `start`; waking the inbox before is harmless. */
export function createWorkers(parts: WorkerParts): Workers {
  const { database, channels, log, now } = parts;
  const templates = new Templates(database.settings, log);
  const outbox = openOutbox(parts, templates);
  const turn = { database, channels, now, leaseMs: LEASE_MS, wake: outbox.wake };
  const { run, apply, lapse } = createBot(parts, turn);
  const inbox = openInbox(parts, turn, run);
  const media = createMediaWorker({
    store: database.mediaFiles,
    ...mediaOf(channels),
    log,
    now,
    maxBytes: MEDIA_MAX_BYTES,
  });
  const sweeps: Repeating[] = [];
  return {
    inbox,
    outbox,
    start() {
      inbox.start();
      outbox.start();
      media.start();
      sweeps.push(
        every(5000, 'erasures', log, () => sweepErasures({ database, now })),
        every(30_000, 'lapsed', log, () => sweepLapsed({ database, channels, now, lapse, apply })),
        every(10_000, 'backlog', log, () => countBacklog(database, parts.metrics)),
        every(60_000, 'templates', log, () => templates.refresh()),
      );
    },
    async stop() {
      await inbox.stop();
      await Promise.all([outbox.stop(), media.stop(), ...sweeps.map((sweep) => sweep.stop())]);
    },
  };
}

function openOutbox(parts: WorkerParts, templates: Templates): Outbox {
  const { database, channels, owner, log, now, timings } = parts;
  return createOutbox({
    ...database,
    channels,
    owner,
    log,
    now,
    timings,
    templates: templates.find,
    metrics: outboxMetrics(parts.metrics),
    onAlert: outboxAlerts(parts.metrics, log),
  });
}

type Turn = Pick<TurnParts, 'database' | 'channels' | 'now' | 'leaseMs' | 'wake'>;

function openInbox(parts: WorkerParts, turn: Turn, run: TurnParts['run']): Inbox {
  return new Inbox({
    ...turn,
    run,
    settling: new Settling(parts.database.inbound, parts.log),
    owner: parts.owner,
    log: parts.log,
    concurrency: CONCURRENCY,
    ...pollingFor(parts.config.roles),
    onTurn: (milliseconds, ok) => {
      parts.metrics.turns.observe({ result: ok ? 'ok' : 'failed' }, milliseconds / 1000);
    },
  });
}

/** The bot: dialog behind handler behind middleware behind adapter. */
function createBot(
  parts: WorkerParts,
  turn: Turn,
): { run: TurnParts['run']; apply: LapseParts['apply']; lapse: Lapse } {
  const { database, directory, config, catalogue } = parts;
  const dialog = createDialog({ suggestCodings, catalogue });
  const applierParts = { database, catalogue };
  const world = (): { services: Directory['entries']; privacyUrl: string } => ({
    services: directory.entries,
    privacyUrl: `${config.publicUrl}/privacy`,
  });
  const handler = new ShuniHandler({ ...applierParts, handle: dialog.handle, world });
  const adapter = createAdapter(parts, turn);
  return {
    run: (work) => adapter.run(work, (context) => handler.run(context)),
    apply: (work, events) => adapter.run(work, (context) => applyEvents(events, work, context, applierParts)),
    lapse: dialog.lapse,
  };
}

function createAdapter(parts: WorkerParts, turn: Pick<TurnParts, 'database' | 'channels' | 'wake'>): ShuniAdapter {
  const { order, now } = parts;
  const adapter = new ShuniAdapter({ order, now, priorityOf, ...proactiveTurns(turn, now) });
  adapter.use(handOff, language);
  return adapter;
}

/** A process that also takes webhooks is woken by them; one that only works has to look often. */
function pollingFor(roles: Config['roles']): { sweepMs: number; neglectedAfterMs: number } {
  return roles.web ? { sweepMs: 1000, neglectedAfterMs: 1500 } : { sweepMs: 200, neglectedAfterMs: 0 };
}
