import { Schema, type Connection, type Model } from 'mongoose';
import { newId } from './ids.ts';

/** One line of the audit trail: who did what to what, when, why. Opaque ids only. */
export interface AuditLine {
  _id: string;
  at: Date;
  by: string;
  action: string;
  subject?: string;
  detail?: string;
}

const schema = new Schema<AuditLine>(
  { _id: String, at: Date, by: String, action: String, subject: String, detail: String },
  { collection: 'audit', versionKey: false },
);
schema.index({ at: 1 });
schema.index({ subject: 1, at: 1 });

/** Append-only: there is no way here to change or remove a line. */
export class Audit {
  readonly model: Model<AuditLine>;

  constructor(connection: Connection) {
    this.model = connection.model<AuditLine>('AuditLine', schema);
  }

  async append(line: Omit<AuditLine, '_id'>): Promise<void> {
    await this.model.insertOne({ _id: newId(), ...line });
  }
}
