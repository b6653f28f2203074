import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { backup } from '../../../../bot/commands/admin/backup.ts';
import { erase } from '../../../../bot/commands/admin/erase.ts';
import { restore } from '../../../../bot/commands/admin/restore.ts';
import { verify } from '../../../../bot/commands/admin/verify.ts';
import { Keyring } from '../../../../models/keyring.ts';
import { containing } from './said.ts';
import { adminRig, runOn, type Rig } from './admin-rig.ts';
import { contentOf } from './content-of.ts';
import { escalate, numberOf, optOut, storePicture, storeResident, type Resident } from './healthy-data.ts';

let rig: Rig;
let target: Rig;
let file: string;
beforeEach(async () => {
  rig = await adminRig();
  target = await adminRig();
  file = join(rig.folder, 'backup.jsonl.gz');
});
afterEach(async () => {
  await rig.close();
  await target.close();
});

async function storeAll(): Promise<[Resident, Resident, Resident]> {
  const first = await storeResident(rig, 1, 'Bengali ধন্যবাদ, \u2028 a line mark, U+0000 \u0000, 😀, "quotes" and \\');
  await storePicture(rig, first);
  const second = await storeResident(rig, 2);
  await escalate(rig, second);
  const third = await storeResident(rig, 3);
  await optOut(rig, third);
  return [first, second, third];
}

describe('backup and restore', () => {
  test('puts everything back as it was, types and bytes included', async () => {
    await storeAll();
    await rig.database.connection
      .collection('strange')
      .insertOne({ _id: 'x' as never, whole: 5, half: 5.0, list: [null, NaN] });
    const before = await contentOf(rig.database, ['audit', 'settings']);
    expect(await rig.run(backup, ['--out', file])).toMatchObject({ code: 0, out: `${file}\n` });
    expect((await stat(file)).mode & 0o777).toBe(0o600);

    expect(await target.run(restore, [file, '--yes'])).toMatchObject({ code: 0 });
    expect(await contentOf(target.database, ['audit', 'settings'])).toEqual(before);
    expect(await target.run(verify)).toMatchObject({ code: 0, out: '' });
    expect(await target.database.people.findByAddress('sms', numberOf(2))).not.toBeNull();
  });

  test('goes beside the data when no file is named, and never over another', async () => {
    const { out } = await rig.run(backup);
    expect(out).toBe(`${join(rig.folder, 'backups', 'shuni-20260504T120000Z.jsonl.gz')}\n`);
    expect(await rig.run(backup)).toMatchObject({ code: 1, err: containing('exists already') });
    expect(await readdir(join(rig.folder, 'backups'))).toHaveLength(1);
  });

  test('only looks without --yes', async () => {
    await storeAll();
    await rig.run(backup, ['--out', file]);
    expect(await target.run(restore, [file])).toMatchObject({ code: 1, err: containing('is whole') });
    expect(await target.database.people.model.countDocuments()).toBe(0);
  });

  describe('touches nothing when the file', () => {
    const lines = (bytes: Buffer): string[] => gunzipSync(bytes).toString('utf8').split('\n');
    const pack = (all: readonly string[]): Buffer => gzipSync(all.join('\n'));
    test.each<[string, (bytes: Buffer) => Buffer, RegExp]>([
      ['is cut off in the middle', (bytes) => bytes.subarray(0, bytes.length / 2), /damaged or cut off/],
      ['lacks its last byte', (bytes) => bytes.subarray(0, -1), /damaged or cut off/],
      ['has one bit flipped', (bytes) => flip(bytes, bytes.length >> 1), /damaged|altered|no snapshot/],
      ['is empty', () => Buffer.alloc(0), /cut off/],
      ['is something else', () => Buffer.from('hello'), /damaged/],
      ['is something else, compressed', () => gzipSync('hello\n'), /no backup/],
      ['lacks its manifest', (bytes) => pack(lines(bytes).slice(0, -2)), /too early/],
      ['lacks a document', (bytes) => pack(lines(bytes).toSpliced(3, 1)), /holds \d+ documents instead of/],
      ['has a document twice', (bytes) => pack(lines(bytes).toSpliced(3, 0, lines(bytes)[3] ?? '')), /instead of/],
      ['says something else', (bytes) => pack(lines(bytes).map((line) => line.replace('Mile', 'Smile'))), /altered/],
      ['has a line that belongs nowhere', (bytes) => pack(lines(bytes).toSpliced(2, 0, 'x')), /belongs nowhere/],
      ['goes on after its end', (bytes) => pack([...lines(bytes).slice(0, -1), 'people\t{}', '']), /after its end/],
      [
        'was altered together with its manifest',
        (bytes) =>
          pack(lines(bytes).map((line) => (line.startsWith('#') ? line.replace('"keys":["k1"]', '"keys":[]') : line))),
        /seal does not fit/,
      ],
    ])('%s', async (_label, alter, message) => {
      await storeAll();
      await rig.run(backup, ['--out', file]);
      await writeFile(file, alter(await readFile(file)));
      const ran = await target.run(restore, [file, '--yes']);
      expect(ran).toMatchObject({ code: 1, out: '' });
      expect(ran.err).toMatch(message);
      expect(await target.database.people.model.countDocuments()).toBe(0);
      expect(await target.database.settings.model.countDocuments()).toBe(0);
    });

    test('is not there', async () => {
      expect(await target.run(restore, [file, '--yes'])).toMatchObject({ code: 1, err: `There is no file ${file}.\n` });
    });

    test('was made under keys we do not have, unless that is accepted', async () => {
      await storeAll();
      await rig.run(backup, ['--out', file]);
      const keyring = new Keyring([{ id: 'k9', secret: Buffer.alloc(32, 9) }]);
      const on = { ...target, keyring };
      const ran = await runOn(on, restore, [file, '--yes'], '');
      expect(ran).toMatchObject({ code: 1, err: containing('(k1)') });
      expect(await target.database.people.model.countDocuments()).toBe(0);
      expect(await runOn(on, restore, [file, '--yes', '--other-keys'], '')).toMatchObject({ code: 0 });
    });
  });

  test('refuses a database with something in it, and replaces it when told to, after a backup of it', async () => {
    await storeAll();
    await rig.run(backup, ['--out', file]);
    const stranger = await storeResident(target, 50);
    expect(await target.run(restore, [file, '--yes'])).toMatchObject({ code: 1, err: containing('not empty') });
    expect(await target.database.people.get(stranger.personId)).not.toBeNull();

    const ran = await target.run(restore, [file, '--yes', '--replace']);
    expect(ran.code).toBe(0);
    expect(await target.database.people.get(stranger.personId)).toBeNull();
    expect(await target.run(verify)).toMatchObject({ code: 0, out: '' });
    const [safety = ''] = await readdir(join(target.folder, 'backups'));
    await rename(join(target.folder, 'backups', safety), file);
    await target.run(restore, [file, '--yes', '--replace']);
    expect(await target.database.people.get(stranger.personId)).not.toBeNull();
  });

  test('nobody comes back who was erased, and nobody is written to who asked us to stop, since the backup', async () => {
    const [first, second, third] = await storeAll();
    await rig.run(backup, ['--out', file]);
    await rig.run(erase, ['--person', first.personId, '--yes']);
    await optOut(rig, second, new Date(rig.now.getTime() - 1000));
    const ran = await rig.run(restore, [file, '--yes', '--replace']);
    expect(ran).toMatchObject({ code: 0 });
    expect(await rig.database.people.get(first.personId)).toBeNull();
    expect(await rig.database.feedback.get(first.feedbackId)).toBeNull();
    expect(await rig.database.people.get(second.personId)).toHaveProperty('optedOutAt');
    expect(await rig.database.people.get(third.personId)).toHaveProperty('optedOutAt');
    expect(await rig.database.audit.model.countDocuments({ action: 'backup-made' })).toBe(1);
    expect(await rig.run(verify)).toMatchObject({ code: 0, out: '' });
  });

  test.each([
    [
      'holds what was queued, because it has likely left since',
      [],
      { state: 'held', attention: true, detail: 'restored' },
    ],
    ['sends what was queued when told to', ['--resume-sending'], { state: 'queued', queue: 'outbox' }],
  ])('%s', async (_label, options, expected) => {
    const { outboundId } = await storeResident(rig);
    await rig.database.inbound.model.collection.updateOne(
      { _id: outboundId as never },
      {
        $set: { state: 'queued', queue: 'outbox', attempts: 0, dueAt: rig.now },
        $unset: { providerId: 1, statusAt: 1 },
      },
    );
    await rig.run(backup, ['--out', file]);
    await target.run(restore, [file, '--yes', ...options]);
    expect(await target.database.inbound.model.findById(outboundId).lean()).toMatchObject(expected);
    expect(await target.run(verify)).toMatchObject({ code: 0, out: '' });
  });
});

function flip(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}
