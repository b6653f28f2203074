import { Schema, type Connection, type Model } from 'mongoose';
import { isDuplicateKey } from './duplicate-key.ts';
import { deriveId } from './ids.ts';
import type { ChannelName, DeliveryStatus, SendFailure } from './vocabulary.ts';

/** News about a message that we do not know (yet): providers call back before their own answer has reached us. */
export interface ParkedReceipt {
  _id: string;
  channel: ChannelName;
  providerId: string;
  ref?: string;
  status: DeliveryStatus;
  failure?: SendFailure;
  code?: string;
  parkedAt: Date;
  /** When to look for its message again. */
  nextAt: Date;
  forgetAt: Date;
}

const schema = new Schema<ParkedReceipt>(
  {
    _id: String,
    channel: String,
    providerId: String,
    ref: String,
    status: String,
    failure: String,
    code: String,
    parkedAt: Date,
    nextAt: Date,
    forgetAt: Date,
  },
  { collection: 'receipts', versionKey: false },
);
schema.index({ nextAt: 1 });
schema.index({ forgetAt: 1 }, { expireAfterSeconds: 0 });

/** Receipts that wait for their message; forgotten by themselves after a day. */
export class ParkedReceipts {
  readonly model: Model<ParkedReceipt>;

  constructor(connection: Connection) {
    this.model = connection.model<ParkedReceipt>('Receipt', schema);
  }

  /** Parks a receipt until `forgetAt`. The same news twice is one row. */
  async park(
    receipt: Omit<ParkedReceipt, '_id' | 'parkedAt' | 'nextAt' | 'forgetAt'>,
    now: Date,
    forgetAt: Date,
  ): Promise<void> {
    const _id = deriveId('receipt', receipt.channel, receipt.providerId, receipt.status);
    try {
      await this.model.collection.insertOne({ ...receipt, _id, parkedAt: now, nextAt: now, forgetAt } as never);
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
  }

  /** Those due for another look, oldest first. */
  async due(now: Date, limit: number): Promise<ParkedReceipt[]> {
    return this.model
      .find({ nextAt: { $lte: now }, forgetAt: { $gt: now } })
      .sort({ nextAt: 1 })
      .limit(limit)
      .lean<ParkedReceipt[]>();
  }

  async postpone(id: string, nextAt: Date): Promise<void> {
    await this.model.updateOne({ _id: id }, { $set: { nextAt } });
  }

  async remove(id: string): Promise<void> {
    await this.model.deleteOne({ _id: id });
  }
}
