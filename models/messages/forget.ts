import type { Connection, Model } from 'mongoose';
import { messageModel } from './model.ts';
import type { MessageRow } from './schema.ts';

/** How long the empty shell of an erased message stays, so that a provider's late second delivery is still a duplicate. */
const SHELL_DAYS = 7;

/** Takes content out of messages: on erasure, and when consent to store was refused. */
export class ForgetMessages {
  private readonly model: Model<MessageRow>;

  constructor(connection: Connection) {
    this.model = messageModel(connection);
  }

  /** Ids of the stored media files of a person, so that they can be deleted first. */
  async filesOf(personId: string): Promise<string[]> {
    const rows = await this.model
      .find({ personId, 'media.fileId': { $exists: true } }, { media: 1 })
      .lean<{ media: { fileId?: string }[] }[]>();
    return rows.flatMap((row) => row.media.flatMap((item) => (item.fileId ? [item.fileId] : [])));
  }

  /** Whether something to this person has still to leave. */
  async hasUnsent(personId: string): Promise<boolean> {
    return (await this.model.exists({ personId, queue: 'outbox' })) !== null;
  }

  /** Empties what a person wrote: they did not agree that we keep it. The rows stay, without content. */
  async emptyInbound(conversationId: string): Promise<void> {
    await this.model.updateMany(
      { conversationId, direction: 'in' },
      { $set: { text: '', media: [], erased: true }, $unset: { location: 1, choice: 1 } },
    );
  }

  /** Turns every message of a person into a shell that knows its provider's id and nothing else. Safe to run again. */
  async eraseOfPerson(personId: string, now: Date): Promise<number> {
    const forgetAt = new Date(now.getTime() + SHELL_DAYS * 86_400_000);
    const gone = [
      'conversationId',
      'addressId',
      'text',
      'choice',
      'choices',
      'media',
      'location',
      'replyTo',
      'queue',
      'language',
      'lease',
      'answers',
      'personId',
    ];
    await this.model.updateMany(
      { personId, direction: 'in', state: 'received' },
      { $set: { state: 'handled', outcome: 'erased' } },
    );
    const result = await this.model.updateMany(
      { personId },
      { $set: { erased: true, forgetAt }, $unset: Object.fromEntries(gone.map((field) => [field, 1])) },
    );
    return result.modifiedCount;
  }
}
