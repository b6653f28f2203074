import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { mongo, type Connection } from 'mongoose';
import { deriveId } from './ids.ts';
import type { StoredMedia } from './messages/schema.ts';
import type { ChannelName, MediaItem } from './vocabulary.ts';

/** One thing to do about one attached thing: fetch it while it is `pending`, remove it at the provider once it is ours. */
export interface MediaJob {
  kind: 'fetch' | 'remove';
  messageId: string;
  /** Place in the message's `media`. It never changes. */
  index: number;
  channel: ChannelName;
  providerId: string;
  mediaId: string;
  contentType: string;
  mediaKind: MediaItem['kind'];
  /** How often this was tried before. */
  attempts: number;
  /** Whoever holds the job holds this value; it is also when the lease ends. */
  fence: Date;
}

/** What became of a fetch. */
export type MediaResult = Pick<MediaItem, 'state' | 'fileId' | 'bytes' | 'sniffedType'>;

/** What the media worker needs of storage (channels/media/fetch-job.ts). */
export interface MediaStore {
  /** Takes the job that is due longest, for `leaseMs`. Null: nothing is due. */
  claim(now: Date, leaseMs: number): Promise<MediaJob | null>;
  /** Stores bytes under an id that follows from the job: doing it again replaces the file. Rejects when the stream fails. */
  save(job: MediaJob, body: Readable, contentType: string): Promise<{ fileId: string; bytes: number }>;
  /** Deletes the job's file, whole or half. */
  discard(job: MediaJob): Promise<void>;
  /** Ends a fetch. `removeAt`: when to remove the thing at the provider, if at all. False: the lease was lost. */
  settle(job: MediaJob, result: MediaResult, removeAt: Date | null): Promise<boolean>;
  /** Gives the job back to be tried again at `at`. */
  postpone(job: MediaJob, at: Date): Promise<void>;
  removed(job: MediaJob): Promise<void>;
}

interface MessageDocument {
  _id: string;
  erased?: boolean;
  channel: ChannelName;
  providerId?: string;
  media?: StoredMedia[];
}

const BUCKET = 'media';

/** How many due messages are looked at for one claim: more workers than that never race. */
const CANDIDATES = 16;

/**
 * Media jobs and files on a MongoDB-compatible server. A job is an element of a message's `media` that has `nextAt`; claiming
 * moves `nextAt` to the end of the lease by compare-and-set, so the same field is the schedule, the lease and the fence.
 */
export class MediaFiles implements MediaStore {
  private readonly connection: Connection;

  constructor(connection: Connection) {
    this.connection = connection;
  }

  async claim(now: Date, leaseMs: number): Promise<MediaJob | null> {
    const due = await this.messages
      .find({ 'media.nextAt': { $lte: now } }, { projection: { channel: 1, providerId: 1, media: 1 } })
      .sort({ 'media.nextAt': 1 })
      .limit(CANDIDATES)
      .toArray();
    for (const job of due.flatMap((message) => jobsOf(message, now))) {
      const fence = new Date(now.getTime() + leaseMs);
      if (await this.update(job, { nextAt: fence, attempts: job.attempts + 1 }, [])) return { ...job, fence };
    }
    return null;
  }

  async save(job: MediaJob, body: Readable, contentType: string): Promise<{ fileId: string; bytes: number }> {
    const fileId = fileIdOf(job);
    await this.discardFile(fileId);
    const upload = this.bucket.openUploadStreamWithId(asGridId(fileId), fileId, { metadata: { contentType } });
    await pipeline(body, upload);
    return { fileId, bytes: upload.length };
  }

  async discard(job: MediaJob): Promise<void> {
    await this.discardFile(fileIdOf(job));
  }

  async settle(job: MediaJob, result: MediaResult, removeAt: Date | null): Promise<boolean> {
    const next = removeAt === null ? {} : { nextAt: removeAt };
    const done = await this.update(job, { ...result, ...next, attempts: 0 }, removeAt === null ? ['nextAt'] : []);
    // Erased while it was fetched: what was saved must go too.
    const kept = { _id: job.messageId, 'media.mediaId': job.mediaId, erased: { $ne: true } };
    const gone = !done && (await this.messages.countDocuments(kept)) === 0;
    if (gone) await this.discard(job);
    return done;
  }

  async postpone(job: MediaJob, at: Date): Promise<void> {
    await this.update(job, { nextAt: at }, []);
  }

  async removed(job: MediaJob): Promise<void> {
    await this.update(job, { removedAtProvider: true }, ['nextAt']);
  }

  /** A stored file's bytes; errors (on the stream) when there is no such file. */
  open(fileId: string): Readable {
    return this.bucket.openDownloadStream(asGridId(fileId));
  }

  /** Size in bytes and declared type of a stored file. */
  async info(fileId: string): Promise<{ bytes: number; contentType: string } | null> {
    const [file] = await this.bucket.find({ _id: asGridId(fileId) }).toArray();
    if (file === undefined) return null;
    const contentType: unknown = file.metadata?.['contentType'];
    return { bytes: file.length, contentType: typeof contentType === 'string' ? contentType : '' };
  }

  /** Deletes files; those that are gone are no error. */
  async remove(fileIds: readonly string[]): Promise<void> {
    for (const fileId of fileIds) await this.discardFile(fileId);
  }

  private get messages(): mongo.Collection<MessageDocument> {
    return this.database.collection<MessageDocument>('messages');
  }

  private get bucket(): mongo.GridFSBucket {
    return new mongo.GridFSBucket(this.database, { bucketName: BUCKET });
  }

  private get database(): mongo.Db {
    if (!this.connection.db) throw new Error('not connected to the database');
    return this.connection.db;
  }

  /** Changes the job's element while its fence stands. */
  private async update(job: MediaJob, set: Record<string, unknown>, unset: readonly string[]): Promise<boolean> {
    const at = (field: string): string => `media.${job.index}.${field}`;
    const $set = Object.fromEntries(Object.entries(set).map(([field, value]) => [at(field), value]));
    const $unset = Object.fromEntries(unset.map((field) => [at(field), 1]));
    const change = { ...(Object.keys($set).length > 0 && { $set }), ...(unset.length > 0 && { $unset }) };
    // The state too: a fetch settled within a millisecond has become a removal with the same nextAt.
    const state = job.kind === 'fetch' ? 'pending' : { $ne: 'pending' };
    const held = {
      _id: job.messageId,
      [at('mediaId')]: job.mediaId,
      [at('nextAt')]: job.fence,
      [at('state')]: state,
    };
    const result = await this.messages.updateOne(held, change as mongo.UpdateFilter<MessageDocument>);
    return result.matchedCount === 1;
  }

  private async discardFile(fileId: string): Promise<void> {
    try {
      await this.bucket.delete(asGridId(fileId));
    } catch (error) {
      // The driver deletes the chunks before it complains that there was no file.
      if (!(error instanceof mongo.MongoRuntimeError)) throw error;
    }
  }
}

/** The same for every attempt, so that a fetch done twice leaves one file. */
export function fileIdOf(job: Pick<MediaJob, 'messageId' | 'mediaId'>): string {
  return deriveId('media', job.messageId, job.mediaId);
}

/** The due elements of one message, as they stand; `fence` is their `nextAt` as read. */
function jobsOf(message: MessageDocument, now: Date): MediaJob[] {
  return (message.media ?? []).flatMap((item, index) => {
    if (!item.nextAt || item.nextAt > now) return [];
    return {
      kind: item.state === 'pending' ? ('fetch' as const) : ('remove' as const),
      messageId: message._id,
      index,
      channel: message.channel,
      providerId: message.providerId ?? '',
      mediaId: item.mediaId,
      contentType: item.contentType,
      mediaKind: item.kind,
      attempts: item.attempts ?? 0,
      fence: item.nextAt,
    };
  });
}

/** Our ids are strings; GridFS takes any id, its types only ObjectIds. */
function asGridId(fileId: string): mongo.ObjectId {
  return fileId as unknown as mongo.ObjectId;
}
