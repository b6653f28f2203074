import { Schema, type Connection, type Model } from 'mongoose';
import type { Answer, ChannelName, Coding, LanguageCode } from './vocabulary.ts';

/** One told experience: what reports are made of (spec: coding.md). */
export interface Feedback {
  _id: string; // derived from conversation and number of the experience
  personId?: string;
  conversationId?: string;
  experience: number;
  status: 'open' | 'complete' | 'partial' | 'handed-over';
  /** What the resident can quote on any channel. */
  reference: string;
  pathway: { id: string; version: number };
  receivedAt: Date;
  updatedAt: Date;
  source: ChannelName;
  origin: string;
  language?: LanguageCode;
  script?: string;
  story?: { text: string; messageIds: string[]; media: number };
  service?: { id?: string; kind?: string; name: string; locality?: string; commissioner?: string };
  stages: string[];
  rating?: number;
  /** Every answer as given; a question not asked is absent. */
  answers: Record<string, Answer>;
  codings: Coding[];
  consents: { store: boolean; followUp?: boolean };
}

const schema = new Schema<Feedback>(
  {
    _id: String,
    personId: String,
    conversationId: String,
    experience: Number,
    status: String,
    reference: String,
    pathway: { id: String, version: Number },
    receivedAt: Date,
    updatedAt: Date,
    source: String,
    origin: String,
    language: String,
    script: String,
    story: Schema.Types.Mixed,
    service: Schema.Types.Mixed,
    stages: [String],
    rating: Number,
    answers: Schema.Types.Mixed,
    codings: [Schema.Types.Mixed],
    consents: Schema.Types.Mixed,
  },
  { collection: 'feedback', versionKey: false, minimize: false },
);
schema.index({ reference: 1 }, { unique: true });
schema.index({ personId: 1 });
schema.index({ receivedAt: 1 });
schema.index({ 'service.id': 1, receivedAt: 1 });
schema.index({ 'codings.code': 1, receivedAt: 1 });

/** Fields set when an experience begins and never changed by later turns. */
export type FeedbackStart = Pick<
  Feedback,
  '_id' | 'personId' | 'conversationId' | 'experience' | 'reference' | 'receivedAt' | 'source' | 'origin'
>;

export class FeedbackItems {
  readonly model: Model<Feedback>;

  constructor(connection: Connection) {
    this.model = connection.model<Feedback>('Feedback', schema);
  }

  async get(id: string): Promise<Feedback | null> {
    return this.model.findById(id).lean<Feedback>();
  }

  async byReference(reference: string): Promise<Feedback | null> {
    return this.model.findOne({ reference }).lean<Feedback>();
  }

  /** Writes a turn's changes to an experience, beginning it when it is new. Doing it twice leaves the same item. */
  async write(start: FeedbackStart, set: Record<string, unknown>, unset: readonly string[]): Promise<void> {
    const { _id, ...onInsert } = start;
    const fresh = Object.fromEntries(Object.entries(onInsert).filter(([field]) => !(field in set)));
    await this.model.updateOne(
      { _id },
      {
        $set: set,
        $setOnInsert: fresh,
        ...(unset.length > 0 && { $unset: Object.fromEntries(unset.map((field) => [field, 1])) }),
      },
      { upsert: true, timestamps: false },
    );
  }

  async removeOfPerson(personId: string): Promise<number> {
    return (await this.model.deleteMany({ personId })).deletedCount;
  }

  /** Every item, oldest first, for exports. */
  all(): AsyncIterable<Feedback> {
    return this.model.find().sort({ receivedAt: 1 }).lean<Feedback[]>().cursor();
  }
}
