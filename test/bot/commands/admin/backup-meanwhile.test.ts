import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { backup } from '../../../../bot/commands/admin/backup.ts';
import { restore } from '../../../../bot/commands/admin/restore.ts';
import { verify } from '../../../../bot/commands/admin/verify.ts';
import { erasePerson } from '../../../../bot/sweeps/erasure.ts';
import { fileIdOf, type MediaJob } from '../../../../models/media-files.ts';
import { adminRig, NOW, type Rig } from './admin-rig.ts';
import { escalate, optOut, storePicture, storeResident, type Resident } from './healthy-data.ts';

let rig: Rig;
let target: Rig;
beforeEach(async () => {
  rig = await adminRig();
  target = await adminRig();
});
afterEach(async () => {
  await rig.close();
  await target.close();
});

type Deed = (old: Resident, n: number) => Promise<unknown>;

/** What the service does while a backup reads, each to somebody of its own. */
const DEEDS: readonly [what: string, deed: Deed][] = [
  ['somebody new tells an experience', (_old, n) => storeResident(rig, n)],
  ['somebody new is at risk', async (_old, n) => escalate(rig, await storeResident(rig, n))],
  ['somebody new sends a picture', async (_old, n) => storePicture(rig, await storeResident(rig, n))],
  ['somebody asks us to stop', (old) => optOut(rig, old, NOW)],
  ['somebody is at risk', (old) => escalate(rig, old)],
  ['staff hand back', (old) => handBack(old)],
  ['somebody is erased', (old) => erasePerson({ database: rig.database, now: () => NOW }, old.personId, 'resident')],
  ['an upload is cut off', (_old, n) => uploadHalf(n)],
];

/** What is read, in order: before each of these everything above happens at once. */
const MOMENTS = [
  'open escalations',
  'conversations',
  'escalations',
  'feedback',
  'messages',
  'people',
  'optouts',
  'media.files',
  'media.chunks',
  'audit',
];

describe('a backup taken while the service writes', () => {
  test.each(MOMENTS.map((before, moment) => ({ before, moment })))(
    'fits together after a restore: before $before are read',
    async ({ moment }) => {
      const old: Resident[] = [];
      for (let n = 1; n <= DEEDS.length; n++) old.push(await storeResident(rig, n));
      for (const resident of old.slice(5, 6)) await escalate(rig, resident); // whom staff hand back
      const file = join(rig.folder, 'meanwhile.gz');
      await backUpDuring(moment, file, async () => {
        for (const [i, resident] of old.entries()) await DEEDS[i]?.[1](resident, 100 + i);
      });
      expect(await rig.run(verify)).toMatchObject({ code: 0, out: '' });
      expect(await target.run(restore, [file, '--yes'])).toMatchObject({ code: 0 });
      expect(await target.run(verify)).toMatchObject({ code: 0, out: '' });
      // Whoever was at risk before the copy was cut is waited for in it.
      const held = await target.database.conversations.withPeople(10);
      const escalated = await target.database.escalations.open(10);
      for (const { conversationId } of escalated) expect(held.map(({ _id }) => _id)).toContain(conversationId);
      expect(escalated.length).toBeGreaterThan(0);
    },
  );
});

/** Takes a backup during which `deed` is done just before the nth reading begins. */
async function backUpDuring(nth: number, file: string, deed: () => Promise<unknown>): Promise<void> {
  const { db } = rig.database.connection;
  if (!db) throw new Error('not connected');
  const real = db.collection.bind(db);
  let read = 0;
  let done = false;
  // Cursors are made one after the other; each is asked for its first document when its turn comes.
  db.collection = ((name: string) => {
    const collection = real(name);
    const find = collection.find.bind(collection);
    collection.find = ((...args: Parameters<typeof find>) => {
      const cursor = find(...args);
      if (done || read++ !== nth) return cursor;
      done = true;
      return (async function* () {
        await deed();
        yield* cursor;
      })();
    }) as unknown as typeof find;
    return collection;
  }) as unknown as typeof db.collection;
  try {
    expect(await rig.run(backup, ['--out', file])).toMatchObject({ code: 0 });
  } finally {
    db.collection = real;
  }
  expect(read).toBeGreaterThan(nth);
}

async function handBack({ conversationId }: Resident): Promise<void> {
  await rig.database.conversations.setHolder(conversationId, ['waiting'], 'bot');
  await rig.database.escalations.resolveOfConversation(conversationId);
}

async function uploadHalf(n: number): Promise<void> {
  const job = { messageId: `m${n}`, mediaId: 'ME' } as MediaJob;
  await rig.database.mediaFiles.save(job, Readable.from([Buffer.alloc(600_000)]), 'image/png');
  await rig.database.connection.collection('media.files').deleteOne({ _id: fileIdOf(job) as never });
}
