import { Schema, type Connection, type Model } from 'mongoose';
import type { ServiceEntry } from './vocabulary.ts';

const schema = new Schema<ServiceEntry>(
  {
    _id: String,
    name: { type: String, required: true },
    kind: { type: String, required: true },
    aliases: [String],
    address: String,
    postcode: String,
    locality: String,
    commissioner: String,
  },
  { collection: 'services', versionKey: false },
);

/** The directory of services that residents talk about. */
export class Services {
  readonly model: Model<ServiceEntry>;

  constructor(connection: Connection) {
    this.model = connection.model<ServiceEntry>('Service', schema);
  }

  async all(): Promise<ServiceEntry[]> {
    return this.model.find().sort({ name: 1 }).lean<ServiceEntry[]>();
  }

  async count(): Promise<number> {
    return this.model.estimatedDocumentCount();
  }

  /** Adds and replaces entries by id, in one batch. Returns how many were new and how many changed. */
  async upsert(entries: readonly ServiceEntry[]): Promise<{ added: number; changed: number }> {
    if (entries.length === 0) return { added: 0, changed: 0 };
    const result = await this.model.bulkWrite(
      entries.map((entry) => ({ replaceOne: { filter: { _id: entry._id }, replacement: entry, upsert: true } })),
    );
    return { added: result.upsertedCount, changed: result.modifiedCount };
  }
}
