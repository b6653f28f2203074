import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exportCommand } from '../../../../bot/commands/admin/export.ts';
import { importCommand } from '../../../../bot/commands/admin/import.ts';
import { verify } from '../../../../bot/commands/admin/verify.ts';
import { Keyring } from '../../../../models/keyring.ts';
import { containing, matching } from './said.ts';
import { until } from '../../../support/until.ts';
import { adminRig, runOn, type Rig } from './admin-rig.ts';
import { contentOf } from './content-of.ts';
import { escalate, storePicture, storeResident } from './healthy-data.ts';

let rig: Rig;
let target: Rig;
let folder: string;
beforeEach(async () => {
  rig = await adminRig();
  target = await adminRig();
  folder = join(rig.folder, 'export');
  await storePicture(rig, await storeResident(rig));
  await escalate(rig, await storeResident(rig, 2));
});
afterEach(async () => {
  await rig.close();
  await target.close();
});

describe('export all and import all', () => {
  test('move everything, to the byte', async () => {
    const before = await contentOf(rig.database);
    expect(await rig.run(exportCommand, ['all', '--out', folder])).toMatchObject({ code: 0 });
    expect((await readdir(folder)).toSorted()).toEqual(
      [...Object.keys(before).map((name) => `${name}.jsonl`), 'manifest.json'].toSorted(),
    );
    const ran = await target.run(importCommand, ['all', folder]);
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(await contentOf(target.database, ['audit', 'settings'])).toEqual(before);
    expect(await target.run(verify)).toMatchObject({ code: 0, out: '' });
    // Some servers list an index only once it is built.
    await until(async () => {
      const indexes = await target.database.connection.collection('media.chunks').indexes();
      return indexes.some(({ name, unique }) => name === 'files_id_1_n_1' && unique === true);
    });
  });

  test('refuse a database with something in it, or add to it when told to', async () => {
    await rig.run(exportCommand, ['all', '--out', folder]);
    const there = await storeResident(target, 9);
    expect(await target.run(importCommand, ['all', folder])).toMatchObject({ code: 1 });
    expect(await target.database.people.model.countDocuments()).toBe(1);
    expect(await target.run(importCommand, ['all', folder, '--merge'])).toMatchObject({ code: 0 });
    expect(await target.database.people.model.countDocuments()).toBe(3);
    expect(await target.database.people.get(there.personId)).not.toBeNull();
    expect(await target.run(importCommand, ['all', folder, '--merge'])).toMatchObject({
      code: 0,
      out: matching(/^added 0, already there/),
    });
  });

  test('name what could not be added because its address is taken', async () => {
    await rig.run(exportCommand, ['all', '--out', folder]);
    const other = await storeResident(target, 1);
    const ran = await target.run(importCommand, ['all', folder, '--merge']);
    expect(ran.code).toBe(1);
    expect(ran.err).toMatch(/taken: people /);
    expect(await target.database.people.get(other.personId)).not.toBeNull();
  });

  test.each<[string, (file: (name: string) => string) => Promise<unknown>, RegExp]>([
    ['a file is missing', (file) => rm(file('people.jsonl')), /ENOENT/],
    ['the export was cut off', (file) => rm(file('manifest.json')), /no manifest.json/],
    [
      'a file was cut off',
      async (file) => writeFile(file('messages.jsonl'), (await readFile(file('messages.jsonl'))).subarray(0, 400)),
      /altered|instead of/,
    ],
    [
      'a line was altered',
      async (file) =>
        writeFile(file('feedback.jsonl'), (await readFile(file('feedback.jsonl'), 'utf8')).replace('kind', 'rude')),
      /feedback was altered/,
    ],
    ['the manifest is none', (file) => writeFile(file('manifest.json'), '{}'), /no snapshot/],
  ])('import nothing when %s', async (_label, damage, message) => {
    await rig.run(exportCommand, ['all', '--out', folder]);
    await damage((name) => join(folder, name));
    const ran = await target.run(importCommand, ['all', folder]);
    expect(ran).toMatchObject({ code: 1, out: '' });
    expect(ran.err).toMatch(message);
    expect(await contentOf(target.database)).toEqual({});
  });

  test('import nothing under other keys', async () => {
    await rig.run(exportCommand, ['all', '--out', folder]);
    const keyring = new Keyring([{ id: 'k9', secret: Buffer.alloc(32, 9) }]);
    const ran = await runOn({ ...target, keyring }, importCommand, ['all', folder], '');
    expect(ran).toMatchObject({ code: 1, err: containing('k1') });
    expect(await contentOf(target.database)).toEqual({});
  });

  test('do not write into a folder that holds something', async () => {
    await rig.run(exportCommand, ['all', '--out', folder]);
    expect(await rig.run(exportCommand, ['all', '--out', folder])).toMatchObject({ code: 1 });
  });
});
