import { fileIdOf } from '../../../../models/media-files.ts';
import type { StoredMedia } from '../../../../models/messages/schema.ts';
import { age, HOUR_MS, scan, type Check, type CheckContext, type Problem } from './check.ts';

interface StoredFile {
  length: number;
  chunkSize: number;
  uploadDate: Date;
}

/** Every attached thing that is ours is there whole, and no file is left of what is gone. */
export const mediaFiles: Check = {
  name: 'media-files',
  promise: 'every stored picture or voice note is there whole, and no file outlives its message',
  async *run(context) {
    const files = new Map<string, StoredFile>();
    for await (const { _id, length, chunkSize, uploadDate } of scan<StoredFile>(context, 'media.files', {}))
      files.set(_id, { length, chunkSize, uploadDate });
    const wanted = new Set<string>();
    const filter = { 'media.0': { $exists: true } };
    for await (const { _id, media } of scan<{ media: StoredMedia[] }>(context, 'messages', filter, ['media']))
      for (const item of media) {
        const fileId = fileOf(_id, item);
        if (fileId !== null) wanted.add(fileId);
        const what = wrong(item, files);
        if (what) yield { id: `messages/${_id}`, what };
      }
    yield* orphans(context, files, wanted);
    yield* chunks(context, files);
  },
};

/** The file an attachment has, or is about to have: a fetch stores it a moment before the message says so. */
function fileOf(messageId: string, item: StoredMedia): string | null {
  if (item.fileId !== undefined) return item.fileId;
  return item.state === 'pending' ? fileIdOf({ messageId, mediaId: item.mediaId }) : null;
}

function wrong(item: StoredMedia, files: ReadonlyMap<string, StoredFile>): string | null {
  if (item.state === 'stored' && item.fileId === undefined) return 'has a stored attachment without a file';
  if (item.fileId !== undefined && !files.has(item.fileId)) return 'has an attachment whose file is missing';
  const file = item.fileId === undefined ? undefined : files.get(item.fileId);
  return file && item.bytes !== undefined && file.length !== item.bytes
    ? 'has an attachment whose file has another size'
    : null;
}

async function* orphans(
  { now }: CheckContext,
  files: ReadonlyMap<string, StoredFile>,
  wanted: ReadonlySet<string>,
): AsyncGenerator<Problem> {
  for (const [id, { uploadDate }] of files) {
    if (!wanted.has(id) && age(now, uploadDate) > HOUR_MS)
      yield { id: `media.files/${id}`, what: 'belongs to no message' };
  }
  await Promise.resolve();
}

/** Each file has as many pieces as its length needs; pieces without a file are what an upload that died left. */
async function* chunks(context: CheckContext, files: ReadonlyMap<string, StoredFile>): AsyncGenerator<Problem> {
  const counted = await countChunks(context);
  for (const [id, { length, chunkSize }] of files) {
    if ((counted.get(id)?.count ?? 0) < Math.ceil(length / chunkSize))
      yield { id: `media.files/${id}`, what: 'is not whole' };
  }
  for (const [id, { last }] of counted) {
    if (!files.has(id) && age(context.now, last) > HOUR_MS)
      yield { id: `media.chunks of ${id}`, what: 'are left over from a file that does not exist' };
  }
}

async function countChunks({ raw }: CheckContext): Promise<Map<string, { count: number; last: Date }>> {
  const counted = new Map<string, { count: number; last: Date }>();
  const found = raw.collection('media.chunks').find({}, { projection: { files_id: 1 }, batchSize: 5000 });
  for await (const { _id, files_id } of found) {
    const id = String(files_id);
    counted.set(id, { count: (counted.get(id)?.count ?? 0) + 1, last: _id.getTimestamp() });
  }
  return counted;
}
