import { Schema, type Connection, type Model } from 'mongoose';
import { isDuplicateKey } from './duplicate-key.ts';
import { deriveId } from './ids.ts';
import type { ChannelName } from './vocabulary.ts';

/** One line of the opt-out ledger. It knows a keyed hash and nothing else of the person, and survives their erasure. */
export interface OptOut {
  _id: string; // derived from the message that said it
  addressHash: string;
  channel: ChannelName;
  action: 'out' | 'in';
  by: 'resident' | 'provider' | 'staff';
  at: Date;
}

const schema = new Schema<OptOut>(
  { _id: String, addressHash: String, channel: String, action: String, by: String, at: Date },
  { collection: 'optouts', versionKey: false },
);
schema.index({ addressHash: 1, at: -1 });

/** The append-only ledger of who asked us to stop and to start again (PECR 2003 reg. 22; Twilio's opt-out handling). */
export class OptOuts {
  readonly model: Model<OptOut>;

  constructor(connection: Connection) {
    this.model = connection.model<OptOut>('OptOut', schema);
  }

  /** Appends lines; the same id twice is one line. */
  async append(lines: readonly OptOut[]): Promise<void> {
    if (lines.length === 0) return;
    try {
      await this.model.collection.insertMany(lines as never, { ordered: false });
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
  }

  /** The newest line for any of these address hashes; null when there never was one. */
  async latest(hashes: readonly string[]): Promise<OptOut | null> {
    return this.model
      .findOne({ addressHash: { $in: hashes } })
      .sort({ at: -1 })
      .lean<OptOut>();
  }

  /** Lines under any key but this one, oldest first. */
  underOtherKeys(keyId: string): AsyncIterable<OptOut> {
    const filter = { $or: [{ addressHash: { $lt: `${keyId}.` } }, { addressHash: { $gte: `${keyId}/` } }] };
    return this.model.find(filter).sort({ at: 1 }).lean<OptOut[]>().cursor();
  }

  /** Lets lines be found under the newest hash of their address too. Doing it twice changes nothing. */
  async copyUnder(lines: readonly OptOut[], addressHash: string): Promise<void> {
    await this.append(lines.map((line) => ({ ...line, _id: deriveId(line._id, addressHash), addressHash })));
  }

  /** Takes away lines that stand under a newer hash by now. */
  async removeCopied(lines: readonly OptOut[]): Promise<void> {
    await this.model.deleteMany({ _id: { $in: lines.map((line) => line._id) } });
  }

  async countUnderKey(keyId: string): Promise<number> {
    return this.model.countDocuments({ addressHash: { $gte: `${keyId}.`, $lt: `${keyId}/` } });
  }
}
