import type { Readable } from 'node:stream';
import { fileIdOf } from '../../../models/media-files.ts';
import { isAccepted, type Posted } from '../post-office.ts';
import { groupBy, type Check, type Found, type World } from './check.ts';

/** What was attached is ours once, with its bytes, judged as it should be, and gone from the provider; of the forgotten nothing is left. */
export const media: Check = {
  name: 'media',
  async run(world) {
    const found: Found[] = [...filesWhole(world)];
    const rows = new Map(world.inbound.map((row) => [row._id, row]));
    for (const posted of world.posted.filter((each) => each.attachments.length > 0 && isAccepted(each))) {
      const row = rows.get(posted.messageId);
      const forgotten = (row as { erased?: boolean } | undefined)?.erased === true;
      for (const [i, attachment] of posted.attachments.entries()) {
        const item = row && mediaOf(row)[i];
        const found1 = forgotten ? leftovers(world, posted, i) : await kept(world, posted, i, item);
        for (const what of found1) found.push({ id: `${posted.messageId} ${attachment.mediaSid}`, what });
      }
    }
    return found;
  },
};

type Item = NonNullable<World['inbound'][number]['media']>[number];

async function kept(world: World, posted: Posted, i: number, item: Item | undefined): Promise<string[]> {
  const attachment = posted.attachments[i];
  if (!attachment || !item) return ['is not on the stored message'];
  const wrong: string[] = [];
  if (item.state !== attachment.ends) wrong.push(`is ${item.state}, should be ${attachment.ends}`);
  if (item.nextAt) wrong.push('is still waiting to be worked on');
  if (!item.fileId || !(await bytesOf(world.database.mediaFiles.open(item.fileId))).equals(attachment.body))
    wrong.push('its stored bytes are not those that were sent');
  if (!item.removedAtProvider) wrong.push('is not marked as removed at the provider');
  if (!isRemoved(world, posted, attachment.mediaSid)) wrong.push('is still at the provider');
  return wrong;
}

function leftovers(world: World, posted: Posted, i: number): string[] {
  const mediaId = posted.attachments[i]?.mediaSid ?? '';
  const fileId = fileIdOf({ messageId: posted.messageId, mediaId });
  const wrong: string[] = [];
  if (world.files.some(({ _id }) => _id === fileId)) wrong.push('its message was emptied, its file is still stored');
  if (!isRemoved(world, posted, mediaId)) wrong.push('its message was emptied, it is still at the provider');
  return wrong;
}

function isRemoved({ ledger }: World, { sid }: Posted, mediaSid: string): boolean {
  return ledger.media.get(`${sid}/${mediaSid}`)?.removed === true;
}

/** Every file has all of its chunks once, and belongs to a message; no chunk is without a file. */
function* filesWhole({ files, chunks, inbound }: World): Iterable<Found> {
  const named = new Set(inbound.flatMap((row) => mediaOf(row).map(({ fileId }) => fileId)));
  const byFile = groupBy(chunks, ({ files_id: file }) => file);
  for (const { _id, length, chunkSize } of files) {
    const has = byFile.get(_id)?.length ?? 0;
    if (has !== Math.ceil(length / chunkSize)) yield { id: _id, what: `a file of ${length} bytes has ${has} chunks` };
    if (!named.has(_id)) yield { id: _id, what: 'a file that no message knows' };
  }
  const whole = new Set(files.map(({ _id }) => _id));
  for (const file of byFile.keys()) if (!whole.has(file)) yield { id: file, what: 'chunks without a file' };
}

/** The shell of an erased message has none. */
function mediaOf(row: { media?: Item[] }): Item[] {
  return row.media ?? [];
}

async function bytesOf(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of stream) chunks.push(chunk as Buffer);
  } catch {
    return Buffer.alloc(0); // no such file
  }
  return Buffer.concat(chunks);
}
