import { TurnContext } from 'botbuilder';
import type { Logger } from 'pino';
import type { Channel } from '../channels/channel.ts';
import { createMediaWorker } from '../channels/media/fetch-job.ts';
import { createOutbox, type Outbox } from '../channels/outbox/outbox.ts';
import { priorityOf } from '../channels/outbox/purposes.ts';
import type { Timings } from '../channels/outbox/timings.ts';
import { createDialog } from '../dialogs/dialog.ts';
import { createCatalogue } from '../languages/catalogue.ts';
import { suggestCodings } from '../coding/suggest.ts';
import type { Database } from '../models/database.ts';
import { MediaFiles } from '../models/media-files.ts';
import { OutboundMessages } from '../models/messages/outbound.ts';
import { ShuniAdapter } from './adapter.ts';
import { applyEvents } from './appliers/registry.ts';
import type { Config } from './config.ts';
import type { Directory } from './directory.ts';
import { ShuniHandler } from './handler.ts';
import { Inbox } from './inbox.ts';
import type { Metrics } from './metrics.ts';
import { handOff } from './middleware/hand-off.ts';
import { language } from './middleware/language.ts';
import { Settling } from './settling.ts';
import { sweepErasures } from './sweeps/erasure.ts';
import { every, type Repeating } from './sweeps/every.ts';
import { sweepLapsed } from './sweeps/lapse.ts';
import { beginWork, writeAll, type TurnParts } from './turn.ts';
import { attachWork, type Work } from './work.ts';

export interface WorkerParts {
  config: Config;
  database: Database;
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
