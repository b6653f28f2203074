import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { CHECKS } from '../../../../bot/commands/admin/checks/registry.ts';
import { verify } from '../../../../bot/commands/admin/verify.ts';
import { containing } from './said.ts';
import { adminRig, NOW, type Rig } from './admin-rig.ts';
import { breakages } from './breakages.ts';
import { escalate, optOut, storePicture, storeResident } from './healthy-data.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await adminRig();
});
afterEach(async () => {
  await rig.close();
  rig = await adminRig();
});
afterAll(() => rig.close());

describe('verify', () => {
  test('finds nothing in an empty database', async () => {
    expect(await rig.run(verify)).toMatchObject({ code: 0, out: '' });
  });

  test('finds nothing in a healthy one: pictures, escalations, opt-outs, open work and erasures included', async () => {
    const first = await storeResident(rig);
    await storePicture(rig, first);
    await escalate(rig, await storeResident(rig, 2));
    await optOut(rig, await storeResident(rig, 3, 'ring me on +447700900123 or 07700900123'));
    await rig.database.inbound.model.collection.insertOne({
      _id: 'fresh',
      conversationId: 'not made yet',
      personId: first.personId,
      direction: 'in',
      channel: 'sms',
      providerId: 'SMfresh',
      text: 'hello',
      media: [],
      order: 1,
      queue: 'inbox',
      state: 'received',
      receivedAt: NOW,
    } as never);
    const ran = await rig.run(verify);
    expect(ran.out).toBe('');
    expect(ran).toMatchObject({ code: 0, err: containing('checks hold') });
  });

  test.each(breakages())('$check finds: $label', async ({ check, plant }) => {
    const resident = await storeResident(rig);
    const picture = await storePicture(rig, resident);
    await storeResident(rig, 2);
    const named = await plant(rig, resident, picture);
    const ran = await rig.run(verify, ['--json', '--only', check]);
    expect(ran.code).toBe(1);
    const result = JSON.parse(ran.out) as { name: string; problems: { id: string; what: string }[] };
    expect(result.problems.map((problem) => problem.id)).toContain(named);
    // Nothing personal is printed, whatever is wrong.
    expect(ran.out + ran.err).not.toMatch(/7700900|nurse/);
  });

  test('every check has a case that it must find', () => {
    expect(new Set(breakages().map((planted) => planted.check))).toEqual(new Set(CHECKS.map((check) => check.name)));
  });

  test('refuses a check that does not exist', async () => {
    expect(await rig.run(verify, ['--only', 'luck'])).toMatchObject({ code: 2 });
  });
});
