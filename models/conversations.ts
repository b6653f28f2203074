import { Schema, type Connection, type Model } from 'mongoose';
import { isDuplicateKey } from './duplicate-key.ts';
import type { ChannelName, Holder, InboundOutcome, LanguageCode } from './vocabulary.ts';

/** One thread between a person and one of our senders. `addressId` is where they last wrote from, so where answers go. */
export interface Conversation {
  _id: string;
  personId: string;
  addressId: string;
  channel: ChannelName;
  sender: string;
  holder: Holder;
  /** Who on the staff holds it, while `holder` is `staff`. */
  heldBy?: string;
  language?: LanguageCode;
  /** The dialog's own memory (dialogs/turn.ts DialogState), stored whole. */
  state: unknown;
  /** Rises with every change; the turn's compare-and-set on it is the commit. */
  version: number;
  /** The messages whose turns are committed, newest last: a turn is never taken twice. */
  handled: HandledMessage[];
  lastInboundAt?: Date;
  /** When silence makes this conversation lapse (partial outcome). */
  lapseAt?: Date;
  lease?: { owner: string; fence: number; until: Date };
  fence: number;
  createdAt: Date;
}

/** A message whose turn is committed, and what became of it. */
export interface HandledMessage {
  id: string;
  outcome: InboundOutcome;
}

/** Who a conversation is between, known before it exists. */
export type Parties = Pick<Conversation, '_id' | 'personId' | 'addressId' | 'channel' | 'sender'>;

/** What a turn changes. */
export interface TurnCommit {
  state: unknown;
  language?: LanguageCode;
  holder?: Holder;
  lastInboundAt?: Date;
  addressId?: string;
  lapseAt?: Date | null;
  handled?: HandledMessage;
}

/** How many handled ids are remembered: more than can ever be in flight for one conversation. */
const REMEMBERED = 100;

const schema = new Schema<Conversation>(
  {
    _id: String,
    personId: String,
    addressId: String,
    channel: String,
    sender: String,
    holder: String,
    heldBy: String,
    language: String,
    state: Schema.Types.Mixed,
    version: Number,
    handled: [{ _id: false, id: String, outcome: String }],
    lastInboundAt: Date,
    lapseAt: Date,
    lease: { owner: String, fence: Number, until: Date, _id: false },
    fence: Number,
    createdAt: Date,
  },
  { collection: 'conversations', versionKey: false, minimize: false },
);
schema.index({ personId: 1 });
schema.index({ lapseAt: 1 }, { sparse: true });
schema.index({ holder: 1, lastInboundAt: 1 }, { partialFilterExpression: { holder: { $in: ['waiting', 'staff'] } } });

/** Conversations: leased by one worker at a time, changed by compare-and-set only. */
export class Conversations {
  readonly model: Model<Conversation>;

  constructor(connection: Connection) {
    this.model = connection.model<Conversation>('Conversation', schema);
  }

  async get(id: string): Promise<Conversation | null> {
    return this.model.findById(id).lean<Conversation>();
  }

  /** Several conversations in one read, by id; what is gone is missing. */
  async getMany(ids: readonly string[]): Promise<Map<string, Conversation>> {
    const found = await this.model.find({ _id: { $in: [...ids] } }).lean<Conversation[]>();
    return new Map(found.map((conversation) => [conversation._id, conversation]));
  }

  /**
   * Leases a conversation, making it on first contact. Null when another worker has it.
   * `receivedAt` is when they wrote: the window for answers counts from it even if this turn never commits.
   * The fence rises with every lease: whoever still believes in an older one can no longer commit.
   */
  async lease(
    parties: Parties,
    receivedAt: Date,
    owner: string,
    now: Date,
    leaseMs: number,
  ): Promise<Conversation | null> {
    const until = new Date(now.getTime() + leaseMs);
    const { _id, ...rest } = parties;
    try {
      return await this.model
        .findOneAndUpdate(
          { _id, $or: [{ lease: { $exists: false } }, { 'lease.until': { $lte: now } }, { 'lease.owner': owner }] },
          {
            $inc: { fence: 1 },
            $set: { 'lease.owner': owner, 'lease.until': until },
            $max: { lastInboundAt: receivedAt },
            $setOnInsert: { ...rest, holder: 'bot', state: null, version: 0, handled: [], createdAt: now },
          },
          { upsert: true, returnDocument: 'after', timestamps: false },
        )
        .lean<Conversation>();
    } catch (error) {
      if (isDuplicateKey(error)) return null;
      throw error;
    }
  }

  /**
   * The commit of a turn. False when someone else changed the conversation or took the lease: nothing was written, do the
   * turn again. `release` ends the lease with the same write.
   */
  async commit(held: Conversation, turn: TurnCommit, options: { release: boolean; until: Date }): Promise<boolean> {
    const { handled, lapseAt, ...set } = turn;
    const unset = { ...(options.release && { lease: 1 as const }), ...(lapseAt === null && { lapseAt: 1 as const }) };
    const result = await this.model.updateOne(
      { _id: held._id, version: held.version, fence: held.fence },
      {
        $set: { ...set, ...(lapseAt && { lapseAt }), ...(!options.release && { 'lease.until': options.until }) },
        $inc: { version: 1 },
        ...(handled && { $push: { handled: { $each: [handled], $slice: -REMEMBERED } } }),
        ...(Object.keys(unset).length > 0 && { $unset: unset }),
      },
    );
    return result.modifiedCount === 1;
  }

  /** Gives a lease back without a change. */
  async release(held: Pick<Conversation, '_id' | 'fence'>): Promise<void> {
    await this.model.updateOne({ _id: held._id, fence: held.fence }, { $unset: { lease: 1 } });
  }

  /** Changes who holds the conversation. False when it is not (any longer) held as expected. */
  async setHolder(id: string, from: readonly Holder[], to: Holder, heldBy?: string): Promise<boolean> {
    const result = await this.model.updateOne(
      { _id: id, holder: { $in: from } },
      {
        $set: { holder: to, ...(heldBy && { heldBy }) },
        ...(!heldBy && { $unset: { heldBy: 1 } }),
        $inc: { version: 1 },
      },
    );
    return result.modifiedCount === 1;
  }

  /** Silences the bot because a person is needed, making the conversation on first contact. A person's hold stays theirs. */
  async await(parties: Parties, now: Date): Promise<void> {
    const { _id, ...rest } = parties;
    const begin = { ...rest, state: null, handled: [], createdAt: now, fence: 0 };
    try {
      await this.model.updateOne(
        { _id, holder: 'bot' },
        { $set: { holder: 'waiting' }, $inc: { version: 1 }, $setOnInsert: begin },
        { upsert: true, timestamps: false },
      );
    } catch (error) {
      if (!isDuplicateKey(error)) throw error; // a person holds or is awaited already
    }
  }

  /** Conversations in which a person is awaited or present, longest silence first. */
  async withPeople(limit: number): Promise<Conversation[]> {
    return this.model
      .find({ holder: { $in: ['waiting', 'staff'] } })
      .sort({ lastInboundAt: 1 })
      .limit(limit)
      .lean<Conversation[]>();
  }

  async lapsed(now: Date, limit: number): Promise<Conversation[]> {
    return this.model
      .find({ lapseAt: { $lte: now } })
      .limit(limit)
      .lean<Conversation[]>();
  }

  /** Records that silence was dealt with, unless something was said meanwhile. */
  async settleLapse(seen: Conversation, state: unknown): Promise<boolean> {
    const result = await this.model.updateOne(
      { _id: seen._id, version: seen.version },
      { $set: { state }, $unset: { lapseAt: 1 }, $inc: { version: 1 } },
    );
    return result.modifiedCount === 1;
  }

  async ofPerson(personId: string): Promise<Conversation[]> {
    return this.model.find({ personId }).lean<Conversation[]>();
  }

  async removeOfPerson(personId: string): Promise<void> {
    await this.model.deleteMany({ personId });
  }
}
