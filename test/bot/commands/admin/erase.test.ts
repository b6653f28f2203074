import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { erase } from '../../../../bot/commands/admin/erase.ts';
import { verify } from '../../../../bot/commands/admin/verify.ts';
import { adminRig, type Rig } from './admin-rig.ts';
import { optOut, storePicture, storeResident, type Resident } from './healthy-data.ts';

let rig: Rig;
let resident: Resident;
beforeEach(async () => {
  rig = await adminRig();
  resident = await storeResident(rig);
  await storePicture(rig, resident);
  await storeResident(rig, 2);
});
afterEach(() => rig.close());

const COUNTS = '1 people, 1 conversations, 2 messages, 1 feedback, 0 escalations, 1 media files\n';

describe('erase', () => {
  test.each<[string, (resident: Resident) => string[], string]>([
    ['reference', ({ reference }) => ['--reference', reference], ''],
    [
      'reference as somebody reads it out',
      ({ reference }) => ['--reference', ` ${reference.toLowerCase().replaceAll('-', ' ')}`],
      '',
    ],
    ['person', ({ personId }) => ['--person', personId], ''],
    ['phone', ({ number }) => ['--phone', number, '--channel', 'sms'], ''],
    ['phone on the other channel', ({ number }) => ['--phone', number, '--channel', 'whatsapp'], ''],
    ['phone on standard input', () => ['--phone', '-', '--channel', 'sms'], '+44 7700 900001\n'],
  ])('by %s: shows what would go, then erases it and nobody else', async (_label, args, input) => {
    const shown = await rig.run(erase, args(resident), { input });
    expect(shown).toMatchObject({ code: 0, out: `would erase ${COUNTS}` });
    expect(await rig.database.people.get(resident.personId)).not.toBeNull();

    const ran = await rig.run(erase, [...args(resident), '--yes'], { input });
    expect(ran).toMatchObject({ code: 0, out: `erased ${COUNTS}` });
    expect(await rig.database.people.model.countDocuments()).toBe(1);
    expect(await rig.database.feedback.model.countDocuments()).toBe(1);
    expect(await rig.database.connection.collection('media.files').countDocuments()).toBe(0);
    expect(shown.err + ran.err).not.toContain('900001');
    const audit = await rig.database.audit.model.find().lean();
    expect(audit).toMatchObject([{ by: 'command-line', action: 'person-erased', subject: resident.personId }]);
    expect(JSON.stringify(audit)).not.toContain('900001');
    expect(await rig.run(verify)).toMatchObject({ code: 0 });
  });

  test('keeps that they asked us to stop, as a hash', async () => {
    const hash = await optOut(rig, resident);
    await rig.run(erase, ['--person', resident.personId, '--yes']);
    expect(await rig.database.optOuts.latest([hash])).toMatchObject({ action: 'out' });
  });

  test.each([
    ['a reference nobody has', ['--reference', 'TH-0000-0000'], 1],
    ['a number nobody has', ['--phone', '+447700900999', '--channel', 'sms'], 1],
    ['a person who does not exist', ['--person', 'nobody'], 1],
    ['two ways at once', ['--person', 'x', '--reference', 'TH-0000-0000'], 2],
    ['no way', ['--yes'], 2],
    ['a phone without its channel', ['--phone', '+447700900001'], 2],
    ['a national number', ['--phone', '07700900001', '--channel', 'sms'], 2],
  ])('refuses %s', async (_label, args, code) => {
    expect(await rig.run(erase, [...args, '--yes'])).toMatchObject({ code, out: '' });
    expect(await rig.database.people.model.countDocuments()).toBe(2);
  });
});
