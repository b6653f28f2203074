import type { Connection, Model } from 'mongoose';
import { fileIdOf } from '../media-files.ts';
import { messageModel } from './model.ts';
import type { MessageRow, StoredMedia } from './schema.ts';

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

  /**
   * Lets go of what came attached, of a person or in a conversation: what still lies at the provider is removed there from `now`
   * on, and a fetch under way finds nothing to settle. Returns the ids of all files that may be stored, to be deleted next; the
   * ids follow from the rows, so after a crash the same call names them again.
   */
  async emptyMedia(whose: { personId: string } | { conversationId: string }, now: Date): Promise<string[]> {
    const rows = await this.model
      .find({ ...whose, direction: 'in', 'media.mediaId': { $exists: true } }, { media: 1, erased: 1 })
      .lean<{ _id: string; media: StoredMedia[]; erased?: boolean }[]>();
    for (const { _id, media, erased } of rows) {
      if (!erased)
        await this.model.updateOne({ _id }, { $set: { media: media.map((item) => left(item, now)), erased: true } });
    }
    return rows.flatMap(({ _id, media }) => media.map(({ mediaId }) => fileIdOf({ messageId: _id, mediaId })));
  }

  /** Empties what a person wrote: they did not agree that we keep it. The rows stay, without content (media: `emptyMedia`). */
  async emptyInbound(conversationId: string): Promise<void> {
    await this.model.updateMany(
      { conversationId, direction: 'in' },
      { $set: { text: '', erased: true }, $unset: { location: 1, choice: 1 } },
    );
  }

  /** Turns every message of a person into a shell that knows its provider's ids and nothing else. Safe to run again. */
  async eraseOfPerson(personId: string, now: Date): Promise<number> {
    const forgetAt = new Date(now.getTime() + SHELL_DAYS * 86_400_000);
    const gone = [
      'conversationId',
      'addressId',
      'text',
      'choice',
      'choices',
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

/** What is left of an attached thing: its name at the provider, for as long as it lies there. */
function left({ mediaId, contentType, kind, removedAtProvider }: StoredMedia, now: Date): StoredMedia {
  const name = { mediaId, contentType, kind, state: 'failed', attempts: 0 } as const;
  return removedAtProvider ? { ...name, removedAtProvider } : { ...name, nextAt: now };
}
