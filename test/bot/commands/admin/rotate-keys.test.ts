import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { rotateKeys } from '../../../../bot/commands/admin/rotate-keys.ts';
import { verify } from '../../../../bot/commands/admin/verify.ts';
import { Keyring } from '../../../../models/keyring.ts';
import { openDatabase } from '../../../../models/database.ts';
import { testDatabaseUri } from '../../../support/database.ts';
import { containing, matching } from './said.ts';
import { adminRig, runOn, type Rig } from './admin-rig.ts';
import { numberOf, optOut, storeResident } from './healthy-data.ts';

const OLD = { id: 'k1', secret: Buffer.alloc(32, 7) };
const NEW = { id: 'k2', secret: Buffer.alloc(32, 8) };
const BOTH = new Keyring([NEW, OLD]);

let rig: Rig;
let rotated: Rig;
beforeEach(async () => {
  rig = await adminRig(new Keyring([OLD]));
  // The same data, opened by a service that knows both keys.
  const database = await openDatabase(testDatabaseUri(), BOTH, { name: rig.database.name });
  const fresh = { ...database, name: rig.database.name, drop: () => database.close() };
  rotated = {
    ...rig,
    database: fresh,
    run: (command, args = []) => runOn({ database: fresh, keyring: BOTH, folder: rig.folder }, command, args, ''),
  };
});
afterEach(async () => {
  await rotated.database.close();
  await rig.close();
});

const keyIds = async (): Promise<string[]> =>
  (await rotated.database.people.model.distinct('addresses.sealed.keyId').exec()) as string[];

describe('rotate-keys', () => {
  test('brings everybody under the newest key and says that the old one can go', async () => {
    for (let n = 1; n <= 5; n++) await storeResident(rig, n);
    const hash = await optOut(rig, await storeResident(rig, 6));
    const ran = await rotated.run(rotateKeys);
    expect(ran).toMatchObject({
      code: 0,
      out: '6 addresses brought under key k2\nkey k1: can be taken out of SECRET_KEYS\n',
      err: '',
    });
    expect(await keyIds()).toEqual(['k2']);
    for (let n = 1; n <= 6; n++)
      expect(await rotated.database.people.findByAddress('sms', numberOf(n))).toMatchObject({
        addresses: [{ hash: matching(/^k2\./) }],
      });
    // The ledger followed: the opt-out is found by the new hash and no longer by the old one.
    const person = await rotated.database.people.findByAddress('sms', numberOf(6));
    expect(await rotated.database.optOuts.latest([person?.addresses[0]?.hash ?? ''])).toMatchObject({ action: 'out' });
    expect(await rotated.database.optOuts.latest([hash])).toBeNull();
    expect(await rotated.run(verify)).toMatchObject({ code: 0, out: '' });

    expect(await rotated.run(rotateKeys)).toMatchObject({ code: 0, out: matching(/^0 addresses/) });
    expect(await rotated.database.audit.model.countDocuments({ action: 'keys-rotated' })).toBe(1);
  });

  test('a person with one address under each key is not passed over', async () => {
    const { personId } = await storeResident(rig);
    await rotated.database.people.resolve('whatsapp', numberOf(1), ['GB.208123'], rig.now);
    expect((await keyIds()).toSorted()).toEqual(['k1', 'k2']);
    expect(await rotated.run(rotateKeys)).toMatchObject({ code: 0 });
    expect(await keyIds()).toEqual(['k2']);
    expect((await rotated.database.people.get(personId))?.addresses).toHaveLength(2);
  });

  test.each([
    ['after the ledger was copied', 'copied'],
    ['after the person was rekeyed', 'rekeyed'],
  ])('goes on where it was killed %s', async (_label, when) => {
    const resident = await storeResident(rig);
    await optOut(rig, resident);
    const { people, optOuts } = rotated.database;
    const person = await people.get(resident.personId);
    const address = person?.addresses[0];
    if (!person || !address) throw new Error('stored above');
    const lines = await optOuts.model.find().lean();
    await optOuts.copyUnder(lines, people.hashesOf(person, address)[0]);
    if (when === 'rekeyed') await people.rekeyAddress(person, address);
    // Half-way, the opt-out is found by whichever hash the address has.
    const now = await people.get(resident.personId);
    expect(await optOuts.latest([now?.addresses[0]?.hash ?? ''])).toMatchObject({ action: 'out' });

    expect(await rotated.run(rotateKeys)).toMatchObject({ code: 0, out: containing('can be taken out') });
    expect(await optOuts.model.countDocuments()).toBe(1);
    expect(await rotated.run(verify)).toMatchObject({ code: 0, out: '' });
  });

  test('what changes meanwhile is not overwritten', async () => {
    const { personId, addressId } = await storeResident(rig);
    const { people } = rotated.database;
    const read = await people.get(personId);
    const address = read?.addresses[0];
    if (!read || !address) throw new Error('stored above');
    await people.resolve('whatsapp', numberOf(1), ['GB.208123'], rig.now);
    await people.markUnreachable(personId, addressId, rig.now);
    expect(await people.rekeyAddress(read, address)).toBe(true);
    expect(await people.rekeyAddress(read, address)).toBe(false);
    const after = await people.get(personId);
    expect(after?.addresses).toHaveLength(2);
    expect(after?.addresses[0]).toMatchObject({ unreachableAt: rig.now, sealed: { keyId: 'k2' } });
  });

  test('an old key is kept for the opt-outs of people who were erased', async () => {
    const resident = await storeResident(rig);
    await optOut(rig, resident);
    await rig.database.people.remove(resident.personId);
    const ran = await rotated.run(rotateKeys);
    expect(ran.out).toContain('key k1: still needed for 1 opt-outs');
    expect(await rotated.database.optOuts.countUnderKey('k1')).toBe(1);
  });

  test('names who cannot be brought over, goes on with the others, and ends with 1', async () => {
    const lost = await storeResident(rig, 1);
    const double = await storeResident(rig, 2);
    await storeResident(rig, 3);
    const sealed = { 'addresses.0.sealed.keyId': 'k0' };
    await rig.database.people.model.updateOne({ _id: lost.personId }, { $set: sealed });
    // A process that does not know the old key yet made them a second time.
    const onlyNew = await openDatabase(testDatabaseUri(), new Keyring([NEW]), { name: rig.database.name });
    await onlyNew.people.resolve('sms', numberOf(2), [], rig.now);
    await onlyNew.close();
    const ran = await rotated.run(rotateKeys);
    expect(ran.code).toBe(1);
    expect(ran.out).toMatch(/^1 addresses/);
    expect(ran.out).toContain('key k1: still needed');
    expect(ran.err).toContain(`person ${lost.personId}: its key is not in SECRET_KEYS`);
    expect(ran.err).toContain(`person ${double.personId}: another person has the same address`);
    expect(ran.err).toContain('not in SECRET_KEYS: k0');
    expect(ran.out + ran.err).not.toContain('7700');
  });
});
