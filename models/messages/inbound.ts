import type { Connection, Model } from 'mongoose';
import { isDuplicateKey } from '../duplicate-key.ts';
import type { InboundOutcome } from '../vocabulary.ts';
import { messageModel } from './model.ts';
import type { InboundRow, MessageRow } from './schema.ts';

/** A message whose turn failed this often is left to staff; retrying it for ever would strand what comes after it. */
export const MAX_FAILURES = 5;

/** Messages in: stored once under their provider's id, taken in order, kept. */
export class InboundMessages {
  readonly model: Model<MessageRow>;

  constructor(connection: Connection) {
    this.model = messageModel(connection);
  }

  /** Stores a message. False when it is already there: the provider delivered it twice. */
  async insert(row: InboundRow): Promise<boolean> {
    try {
      // The native collection: this is the path a provider waits on, and InboundRow is the validation.
      await this.model.collection.insertOne(row as never);
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  /** What waits in one conversation, in the order it arrived. */
  async waiting(conversationId: string, limit: number): Promise<InboundRow[]> {
    const rows = await this.model.collection
      .find({ queue: 'inbox', conversationId })
      .sort({ order: 1 })
      .limit(limit)
      .toArray();
    return rows as unknown as InboundRow[];
  }

  /** Conversations in which something has waited since before `olderThan` (an order number): what no worker was woken for. */
  async neglected(olderThan: number, limit: number): Promise<string[]> {
    const rows = await this.model.collection
      .find({ queue: 'inbox', order: { $lt: olderThan } }, { projection: { conversationId: 1 } })
      .limit(limit)
      .toArray();
    return [...new Set(rows.map((row) => String(row['conversationId'])))];
  }

  /** Records what became of messages. Their turns are committed already, so doing this late or twice is harmless. */
  async settle(ids: readonly string[], outcome: InboundOutcome): Promise<void> {
    await this.model.collection.updateMany(
      { _id: { $in: ids as never[] }, state: 'received' },
      { $set: { state: 'handled', outcome }, $unset: { queue: 1 } },
    );
  }

  /** Counts a failed turn; true when it was the last try and the message is now staff's. */
  async failed(id: string): Promise<boolean> {
    const row = await this.model
      .findOneAndUpdate({ _id: id }, { $inc: { failures: 1 } }, { returnDocument: 'after' })
      .lean<InboundRow>();
    if ((row?.failures ?? 0) < MAX_FAILURES) return false;
    await this.settle([id], 'failed-for-staff');
    return true;
  }

  async get(id: string): Promise<InboundRow | null> {
    return this.model.findOne({ _id: id, direction: 'in' }).lean<InboundRow>();
  }

  /** The whole thread, both directions, in order. */
  async thread(conversationId: string): Promise<MessageRow[]> {
    return this.model.find({ conversationId }).sort({ order: 1 }).lean<MessageRow[]>();
  }

  async countWaiting(): Promise<number> {
    return this.model.countDocuments({ queue: 'inbox' });
  }
}
