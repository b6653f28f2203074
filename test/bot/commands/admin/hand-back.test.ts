import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { handBack } from '../../../../bot/commands/admin/hand-back.ts';
import { waiting } from '../../../../bot/commands/admin/waiting.ts';
import { adminRig, type Rig } from './admin-rig.ts';
import { escalate, storeResident } from './healthy-data.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await adminRig();
});
afterEach(() => rig.close());

describe('waiting and hand-back', () => {
  test('lists who waits, most urgent first, without anything personal', async () => {
    expect(await rig.run(waiting)).toMatchObject({ code: 0, out: '', err: 'Nobody is waiting.\n' });
    const first = await storeResident(rig, 1);
    const second = await storeResident(rig, 2);
    await storeResident(rig, 3);
    await escalate(rig, first, 'person-requested');
    const urgent = await escalate(rig, second);
    await rig.database.escalations.model.updateOne({ _id: urgent }, { $set: { urgency: 'P0' } });
    const { out } = await rig.run(waiting, ['--json']);
    const rows = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, string>);
    expect(rows).toEqual([
      expect.objectContaining({
        conversation: second.conversationId,
        urgency: 'P0',
        holder: 'waiting',
        channel: 'sms',
      }),
      expect.objectContaining({ conversation: first.conversationId, urgency: 'P1', since: first.at.toISOString() }),
    ]);
    expect(out).not.toMatch(/7700|nurse/);
  });

  test('gives a conversation back: the bot holds it, nothing is open, and the audit trail says so', async () => {
    const resident = await storeResident(rig);
    const { conversationId } = resident;
    await escalate(rig, resident);
    const ran = await rig.run(handBack, [conversationId, '--note', 'spoke with them']);
    expect(ran).toMatchObject({ code: 0, out: 'handed back; resolved 1\n' });
    expect(await rig.database.conversations.get(conversationId)).toMatchObject({ holder: 'bot', version: 3 });
    expect(await rig.database.escalations.open(10)).toEqual([]);
    expect(await rig.database.audit.model.findOne({ subject: conversationId }).lean()).toMatchObject({
      action: 'handed-back',
      detail: 'spoke with them',
    });
    expect(await rig.run(handBack, [conversationId])).toMatchObject({ code: 1 });
  });

  test('finishes what was cut off between its two writes', async () => {
    const resident = await storeResident(rig);
    await escalate(rig, resident);
    await rig.database.conversations.setHolder(resident.conversationId, ['waiting'], 'bot');
    expect(await rig.run(handBack, [resident.conversationId])).toMatchObject({
      code: 0,
      out: 'handed back; resolved 1\n',
    });
  });

  test('refuses a conversation that does not exist', async () => {
    expect(await rig.run(handBack, ['nowhere'])).toMatchObject({ code: 1, out: '' });
  });
});
