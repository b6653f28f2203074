import { Schema } from 'mongoose';
import type {
  ChannelName,
  Choice,
  DropReason,
  InboundOutcome,
  LanguageCode,
  MediaItem,
  OutboundState,
  Purpose,
  SendFailure,
} from '../vocabulary.ts';

/** What both directions share. `order` sorts a conversation (models/order.ts). */
interface MessageBase {
  _id: string;
  conversationId: string;
  personId: string;
  channel: ChannelName;
  providerId?: string;
  text: string;
  language?: LanguageCode;
  order: number;
  /** Present while the row has work to do; the indexes over it stay as small as the work. */
  queue?: 'inbox' | 'outbox';
}

/** A message from a resident, stored before the provider is answered. */
export interface InboundRow extends MessageBase {
  direction: 'in';
  providerId: string;
  addressId: string;
  sender: string;
  choice?: string;
  media: StoredMedia[];
  location?: { latitude: number; longitude: number; label?: string };
  replyTo?: string;
  optOut?: 'stop' | 'start' | 'help';
  receivedAt: Date;
  state: 'received' | 'handled';
  outcome?: InboundOutcome;
  /** How often its turn has failed; after a few it goes to staff. */
  failures?: number;
}

/** A media item with what its durable fetch needs; `nextAt` exists only while there is something to do. */
export interface StoredMedia extends MediaItem {
  attempts?: number;
  nextAt?: Date;
  leaseUntil?: Date;
}

/** A message to a resident: a row of the outbox, then its record. */
export interface OutboundRow extends MessageBase {
  direction: 'out';
  /** The address of the person it goes to, and our address it leaves from. */
  addressId: string;
  sender: string;
  purpose: Purpose;
  /** Catalogue key, for the record and for templates outside the window. */
  key?: string;
  choices?: Choice[];
  /** The inbound message it answers, and when that was received: opt-out after it stops it. */
  answers?: string;
  answersReceivedAt?: Date;
  createdAt: Date;
  expiresAt?: Date;
  state: OutboundState;
  /** When the row next needs someone: claimable from; while leased, when the lease runs out; while unknown, when to look again. */
  dueAt: Date;
  /** 0 is most urgent; from the purpose. */
  priority: number;
  attempts: number;
  fence: number;
  lease?: { owner: string; until: Date };
  /** When it was last claimed for sending; whether it left is only known from what follows. */
  attemptedAt?: Date;
  /** The notice that a person takes over: it leaves although a person then holds the conversation. */
  handover?: boolean;
  /** The provider said the free-text window is closed, whatever we believe. */
  windowClosed?: boolean;
  /** Id of the approved template it left as. */
  template?: string;
  /** Provider ids of attempts that are over and done with: receipts for them no longer count. */
  spent?: string[];
  /** Staff have to see it: it did not get through and nobody else will mind. */
  attention?: boolean;
  /** Reconciling found nothing and policy allowed one repeat. */
  repeated?: boolean;
  dropReason?: DropReason;
  failure?: SendFailure;
  failureCode?: string;
  detail?: string;
  statusAt?: Partial<Record<OutboundState, Date>>;
}

export type MessageRow = InboundRow | OutboundRow;

/** Schema of the one collection that holds everything said, in and out. Strict off: the rows above are the shape. */
export const messageSchema = new Schema(
  {
    _id: String,
    conversationId: String,
    personId: String,
    direction: String,
    channel: String,
    providerId: String,
    text: String,
    language: String,
    order: Number,
    queue: String,
    addressId: String,
    sender: String,
    choice: String,
    media: { type: [Schema.Types.Mixed], default: undefined },
    location: Schema.Types.Mixed,
    replyTo: String,
    optOut: String,
    receivedAt: Date,
    state: String,
    outcome: String,
    failures: Number,
    purpose: String,
    key: String,
    choices: { type: [Schema.Types.Mixed], default: undefined },
    answers: String,
    answersReceivedAt: Date,
    createdAt: Date,
    expiresAt: Date,
    dueAt: Date,
    priority: Number,
    attempts: Number,
    fence: Number,
    lease: { type: Schema.Types.Mixed },
    attemptedAt: Date,
    handover: Boolean,
    windowClosed: Boolean,
    template: String,
    spent: { type: [String], default: undefined },
    attention: Boolean,
    repeated: Boolean,
    dropReason: String,
    failure: String,
    failureCode: String,
    detail: String,
    statusAt: { type: Schema.Types.Mixed },
    erased: Boolean,
    forgetAt: Date,
  },
  { collection: 'messages', versionKey: false, minimize: false },
);
messageSchema.index(
  { channel: 1, providerId: 1 },
  { unique: true, partialFilterExpression: { providerId: { $exists: true } } },
);
messageSchema.index({ conversationId: 1, order: 1 });
messageSchema.index({ personId: 1 });
messageSchema.index(
  { queue: 1, conversationId: 1, order: 1 },
  { partialFilterExpression: { queue: { $exists: true } } },
);
messageSchema.index(
  { queue: 1, state: 1, priority: 1, dueAt: 1 },
  { partialFilterExpression: { queue: { $exists: true } } },
);
messageSchema.index({ attention: 1, createdAt: 1 }, { partialFilterExpression: { attention: { $exists: true } } });
messageSchema.index({ 'media.nextAt': 1 }, { sparse: true });
messageSchema.index({ forgetAt: 1 }, { expireAfterSeconds: 0, sparse: true });
