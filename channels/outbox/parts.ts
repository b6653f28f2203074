import type { Logger } from 'pino';
import type { Conversations } from '../../models/conversations.ts';
import type { Deliveries } from '../../models/messages/deliveries.ts';
import type { OutboundMessages } from '../../models/messages/outbound.ts';
import type { OptOuts } from '../../models/optouts.ts';
import type { People } from '../../models/people.ts';
import type { ParkedReceipts } from '../../models/receipts.ts';
import type {
  ChannelName,
  DropReason,
  LanguageCode,
  OutboundState,
  Purpose,
  SendFailure,
} from '../../models/vocabulary.ts';
import type { Channel, SendOutcome } from '../channel.ts';
import type { Gate, Template } from './gates/gate.ts';
import type { Timings } from './timings.ts';

/** What to count. Opaque kinds only: nothing here says who. */
export interface OutboxMetrics {
  /** An attempt was answered. */
  outcome(of: { channel: ChannelName; purpose: Purpose; kind: SendOutcome['kind']; failure?: SendFailure }): void;
  /** A message was taken by its provider, this long after it was due to be written (ms). */
  sent(of: { channel: ChannelName; purpose: Purpose; latencyMs: number }): void;
  /** We decided against sending. */
  dropped(of: { channel: ChannelName; purpose: Purpose; reason: DropReason | 'held' }): void;
  /** A message of unknown fate came to an end. */
  reconciled(of: { channel: ChannelName; purpose: Purpose; as: 'found' | 'repeated' | 'given-up' }): void;
  /** News from a provider; `parked` when its message is not known (yet). */
  receipt(of: { channel: ChannelName; status: string; parked: boolean }): void;
}

/** Something an operator has to hear about. */
export type OutboxAlert =
  | { kind: 'sender-blocked'; channel: ChannelName; sender: string; code?: string; until: Date }
  | { kind: 'sender-recovered'; channel: ChannelName; sender: string }
  | { kind: 'our-bug'; channel: ChannelName; messageId: string; code?: string };

/** A row has come to another state. */
export interface OutboxEvent {
  messageId: string;
  conversationId: string;
  state: OutboundState;
  attention: boolean;
}

export interface Limits {
  /** Rows a sweep takes up at once. */
  sweepBatch: number;
  /** Conversations that wait for one sender in memory; the rest waits in the database. */
  waitingPerSender: number;
  /** Sends under way at once for one sender; unset: from its pace. */
  maxConcurrent?: number;
}

/** What the outbox is made of. */
export interface OutboxParts {
  outbound: OutboundMessages;
  deliveries: Deliveries;
  parked: ParkedReceipts;
  conversations: Pick<Conversations, 'getMany'>;
  people: Pick<People, 'get' | 'getMany' | 'openAddress' | 'update' | 'markUnreachable'>;
  optOuts: Pick<OptOuts, 'latest' | 'append'>;
  channels: ReadonlyMap<ChannelName, Channel>;
  /** Names this process in leases. */
  owner: string;
  log: Logger;
  /** The approved template that says what a catalogue key says, where there is one. */
  templates?: (purpose: Purpose, language: LanguageCode | undefined, key: string | undefined) => Template | undefined;
  gates?: readonly Gate[];
  limits?: Partial<Limits>;
  timings?: Partial<Timings>;
  now?: () => Date;
  /** 0 ≤ x < 1, for spreading retries. */
  random?: () => number;
  metrics?: Partial<OutboxMetrics>;
  onAlert?: (alert: OutboxAlert) => void;
  onEvent?: (event: OutboxEvent) => void;
}

/** The same with every default filled in. */
export type Workings = Required<Omit<OutboxParts, 'limits' | 'timings'>> & { limits: Limits; timings: Timings };
