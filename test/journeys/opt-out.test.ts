import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { erasePerson } from '../../bot/sweeps/erasure.ts';
import type { OptOut } from '../../models/optouts.ts';
import { PATIENT, startRunning, type Running } from '../support/running-service.ts';
import { answeredIn, conversationOf, personOf, queue, writtenIn } from '../support/stored.ts';
import { until } from '../support/until.ts';

const STORY = 'The nurse at Mile End Hospital was kind but we waited three hours';
/** A noon, so that quiet hours keep nothing back. */
const NOON = Date.UTC(2026, 10, 23, 12);

let running: Running;
const began = Date.now();
const now = (): Date => new Date(NOON + Date.now() - began);
beforeAll(async () => {
  running = await startRunning({ timings: PATIENT, now });
});
afterAll(() => running.stop());

async function ledgerOf(number: string): Promise<OptOut[]> {
  const { addresses } = await personOf(running, number);
  const hashes = addresses.map(({ hash }) => hash);
  return running.database.optOuts.model
    .find({ addressHash: { $in: hashes } })
    .sort({ at: 1 })
    .lean<OptOut[]>();
}

/** Queues a reminder and tells what became of it. */
async function reminderIn(number: string, channel: string): Promise<string> {
  const conversation = await conversationOf(running, number, channel);
  const id = await queue(running, conversation, {
    purpose: 'follow-up',
    text: 'What changed',
    dueAt: new Date(now().getTime() - 1000),
  });
  await running.settled();
  const row = await running.database.outbound.get(id);
  return row?.dropReason ?? row?.state ?? '';
}

describe('STOP', () => {
  test('stops what is queued: after it is stored nothing more is accepted for this person', async () => {
    const number = '+447700900600';
    const resident = running.resident(number);
    await resident.say('hi');
    await resident.say('yes');
    running.double.faults.next('create', { kind: 'delay', ms: 600 });
    const before = resident.received.length;
    await resident.write(STORY);
    const { _id } = await conversationOf(running, number, 'sms');
    await until(async () => (await answeredIn(running, _id)).some(({ state }) => state === 'leased'));
    await resident.write('STOP');
    await running.settled();
    expect(resident.received).toHaveLength(before + 1);
    const [, ...rest] = (await answeredIn(running, _id)).slice(before);
    expect(rest.map(({ state, dropReason }) => [state, dropReason])).toEqual([['dropped', 'opted-out']]);
  });

  test.each([
    ['english', 'STOP', '+447700900601'],
    ['english, with a full stop', ' Stop. ', '+447700900602'],
    ['bengali', 'বন্ধ', '+447700900603'],
    ['arabic', 'توقف', '+447700900604'],
  ])('is confirmed once on WhatsApp in their language, and never on SMS: %s', async (_label, word, number) => {
    const whatsapp = running.resident(number, 'whatsapp');
    expect(await whatsapp.say(word)).toHaveLength(1);
    expect(await whatsapp.say(word)).toEqual([]);
    const sms = running.resident(number.replace('+4477009006', '+4477009007'));
    expect(await sms.say(word)).toEqual([]);
    expect((await personOf(running, number)).optedOutAt).toBeInstanceOf(Date);
    expect(await ledgerOf(number)).toMatchObject([
      { action: 'out', by: 'resident' },
      { action: 'out', by: 'resident' },
    ]);
  });

  test('is undone by START and by nothing else that is written', async () => {
    const number = '+447700900610';
    const resident = running.resident(number, 'whatsapp');
    await resident.say(STORY);
    await resident.say('STOP');
    await resident.say('and the car park was full');
    await resident.say('thank you');
    expect((await personOf(running, number)).optedOutAt).toBeInstanceOf(Date);
    expect(await reminderIn(number, 'whatsapp')).toBe('opted-out');
    expect(await resident.say('START')).not.toEqual([]);
    expect((await personOf(running, number)).optedOutAt).toBeUndefined();
    expect((await ledgerOf(number)).map(({ action }) => action)).toEqual(['out', 'in']);
    expect(await reminderIn(number, 'whatsapp')).toBe('accepted');
  });

  test('told by Twilio is recorded and answered by nobody', async () => {
    const number = '+447700900611';
    const resident = running.resident(number);
    await resident.say(STORY);
    expect(await resident.say('STOP', { optOutType: 'STOP' })).toEqual([]);
    expect(await ledgerOf(number)).toMatchObject([{ action: 'out', by: 'provider' }]);
    expect(await resident.say('UNSTOP', { optOutType: 'START' })).toEqual([]);
    expect((await ledgerOf(number)).map(({ action }) => action)).toEqual(['out', 'in']);
    const { _id } = await conversationOf(running, number, 'sms');
    const outcomes = (await writtenIn(running, _id)).map(({ outcome }) => outcome);
    expect(outcomes).toEqual(['replied', 'opt-out-recorded', 'opt-in-recorded']);
  });

  test('on one channel stops what we start on every address of the person', async () => {
    const number = '+447700900612';
    const extra = { ExternalUserId: 'GB.2081000612' };
    await running.resident(number, 'whatsapp').say(STORY, { extra });
    await running.resident(number).say(STORY);
    await running.resident(number).say('STOP');
    const { addresses } = await personOf(running, number);
    expect(addresses).toHaveLength(2);
    const lines = await ledgerOf(number);
    expect(new Set(lines.map(({ addressHash }) => addressHash))).toEqual(new Set(addresses.map(({ hash }) => hash)));
    expect(await reminderIn(number, 'whatsapp')).toBe('opted-out');
    expect(await reminderIn(number, 'sms')).toBe('opted-out');
  });

  test('outlives the person: only a keyed hash is left, and who comes back gets nothing we start', async () => {
    const number = '+447700900613';
    const resident = running.resident(number, 'whatsapp');
    await resident.say(STORY);
    await resident.say('STOP');
    const before = await personOf(running, number);
    await erasePerson({ database: running.database, now }, before._id, 'resident');
    expect(await running.database.people.findByAddress('whatsapp', number)).toBeNull();
    const [line] = await running.database.optOuts.model.find({ addressHash: before.addresses[0]?.hash ?? '' }).lean();
    expect(JSON.stringify(line)).not.toMatch(/7700|900613/);
    expect(Object.keys(line ?? {}).sort()).toEqual(['_id', 'action', 'addressHash', 'at', 'by', 'channel']);
    await resident.say(STORY);
    expect((await personOf(running, number))._id).not.toBe(before._id);
    expect(await reminderIn(number, 'whatsapp')).toBe('opted-out');
  });

  test.each([
    'Stop the noise from the building site',
    'They would not stop talking over me',
    'I had to stop my tablets and nobody told me why',
  ])('inside a sentence is feedback: %s', async (text) => {
    const number = `+4477009006${20 + (text.length % 40)}`;
    const resident = running.resident(number);
    expect(await resident.say(text)).not.toEqual([]);
    expect((await personOf(running, number)).optedOutAt).toBeUndefined();
    await resident.say('yes');
    const { _id } = await personOf(running, number);
    expect(await running.database.feedback.model.findOne({ personId: _id }).lean()).toMatchObject({ story: { text } });
  });
});
