import { Schema, type Connection, type Model } from 'mongoose';

interface Setting {
  _id: string;
  value: unknown;
  updatedAt: Date;
}

const schema = new Schema<Setting>(
  { _id: String, value: Schema.Types.Mixed, updatedAt: Date },
  { collection: 'settings', versionKey: false, minimize: false },
);

/** Named values that staff or the service itself change at run time. */
export class Settings {
  readonly model: Model<Setting>;

  constructor(connection: Connection) {
    this.model = connection.model<Setting>('Setting', schema);
  }

  async get(name: string): Promise<unknown> {
    return (await this.model.findById(name).lean<Setting>())?.value;
  }

  async set(name: string, value: unknown, now: Date): Promise<void> {
    await this.model.updateOne({ _id: name }, { $set: { value, updatedAt: now } }, { upsert: true });
  }
}
