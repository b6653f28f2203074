import { Schema, type Connection, type Model } from 'mongoose';
import { isDuplicateKey } from './duplicate-key.ts';

/** A conversation that a person must look at. */
export interface Escalation {
  _id: string; // derived from the message that raised it
  conversationId: string;
  personId: string;
  messageId: string;
  urgency: 'P0' | 'P1' | 'P2' | 'U';
  reason: string;
  state: 'waiting' | 'held' | 'resolved';
  raisedAt: Date;
}

const schema = new Schema<Escalation>(
  {
    _id: String,
    conversationId: String,
    personId: String,
    messageId: String,
    urgency: String,
    reason: String,
    state: String,
    raisedAt: Date,
  },
  { collection: 'escalations', versionKey: false, strict: false },
);
schema.index({ state: 1, raisedAt: 1 });
schema.index({ conversationId: 1, state: 1 });

export class Escalations {
  readonly model: Model<Escalation>;

  constructor(connection: Connection) {
    this.model = connection.model<Escalation>('Escalation', schema);
  }

  /** Raises an escalation; the same message raises it once. */
  async raise(escalation: Escalation): Promise<void> {
    try {
      await this.model.insertOne(escalation);
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
  }

  async open(limit: number): Promise<Escalation[]> {
    return this.model
      .find({ state: { $in: ['waiting', 'held'] } })
      .sort({ raisedAt: 1 })
      .limit(limit)
      .lean<Escalation[]>();
  }

  async resolveOfConversation(conversationId: string): Promise<void> {
    await this.model.updateMany({ conversationId, state: { $ne: 'resolved' } }, { $set: { state: 'resolved' } });
  }

  async removeOfPerson(personId: string): Promise<void> {
    await this.model.deleteMany({ personId });
  }
}
