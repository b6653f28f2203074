import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { OutboundRow } from '../../models/messages/schema.ts';
import { PATIENT, SMS_SENDER, startRunning, type Running } from '../support/running-service.ts';
import { answeredIn, conversationOf } from '../support/stored.ts';
import type { CallbackPlan } from '../support/twilio-double/callbacks.ts';
import type { LedgerMessage } from '../support/twilio-double/ledger.ts';
import { until } from '../support/until.ts';

const STATUS_URL = 'https://shuni.test/channels/twilio/status';

let running: Running;
beforeAll(async () => {
  running = await startRunning({ timings: PATIENT });
});
afterAll(() => running.stop());
afterEach(() => {
  running.double.callbacks = null;
});

/** Says one thing and returns the row of the answer once all callbacks were posted. */
async function answerTo(number: string, plan: CallbackPlan | null): Promise<OutboundRow> {
  running.double.callbacks = plan;
  await running.resident(number).say('The nurse was kind');
  await running.double.settled();
  const { _id } = await conversationOf(running, number, 'sms');
  const [row] = await answeredIn(running, _id);
  if (!row) throw new Error('Nothing was answered.');
  return row;
}

const sentFor = ({ _id }: OutboundRow): LedgerMessage => {
  const [message] = running.double.ledger.byRef(_id);
  if (!message) throw new Error('Nothing was sent.');
  return message;
};
const stored = async ({ _id }: OutboundRow): Promise<OutboundRow | null> => running.database.outbound.get(_id);

describe('status callbacks', () => {
  test.each<[string, string, Omit<CallbackPlan, 'delayMs'>, string]>([
    ['in order', '+447700900701', { statuses: ['queued', 'sent', 'delivered'] }, 'delivered'],
    [
      'before the provider has answered',
      '+447700900702',
      { statuses: ['sent', 'delivered'], early: true },
      'delivered',
    ],
    ['each twice', '+447700900703', { statuses: ['sent', 'delivered'], doubled: true }, 'delivered'],
    ['backwards', '+447700900704', { statuses: ['read', 'delivered', 'sent', 'queued'] }, 'read'],
    ['failure after delivery', '+447700900705', { statuses: ['delivered', 'failed'], errorCode: '30003' }, 'delivered'],
    [
      'delivery after failure',
      '+447700900706',
      { statuses: ['undelivered', 'delivered'], errorCode: '30003' },
      'delivered',
    ],
    ['failure', '+447700900707', { statuses: ['sent', 'undelivered'], errorCode: '30007' }, 'undelivered'],
    ['a status nobody knows yet', '+447700900708', { statuses: ['sent', 'levitating'] }, 'sent'],
  ])('%s', async (_label, number, plan, state) => {
    const row = await answerTo(number, { ...plan, delayMs: 5 });
    expect(await stored(row)).toMatchObject({ state, providerId: sentFor(row).sid });
    expect(running.double.ledger.byRef(row._id)).toHaveLength(1);
    expect((await stored(row))?.queue).toBeUndefined();
  });

  test('a carrier that filters a message is for staff to see', async () => {
    const row = await answerTo('+447700900710', { statuses: ['undelivered'], errorCode: '30007', delayMs: 5 });
    expect(await stored(row)).toMatchObject({ failure: 'content-refused', failureCode: '30007', attention: true });
  });

  test('come hours late and still count', async () => {
    const row = await answerTo('+447700900711', null);
    expect(await stored(row)).toMatchObject({ state: 'accepted' });
    expect(await running.double.status(sentFor(row), 'delivered')).toBe(200);
    expect(await stored(row)).toMatchObject({ state: 'delivered' });
  });

  test.each([
    ['with a reference of ours that is not there', `${STATUS_URL}?ref=nobody`],
    ['without a reference', STATUS_URL],
  ])('about an unknown message are taken, parked and do no harm: %s', async (_label, statusCallback) => {
    const row = await answerTo(`+4477009007${(statusCallback.length % 40) + 20}`, null);
    const sid = `SM${createHash('md5').update(statusCallback).digest('hex')}`;
    const unknown = { ...sentFor(row), sid, statusCallback, statuses: [] };
    expect(await running.double.status(unknown, 'failed', '30003')).toBe(200);
    expect(await running.double.status(unknown, 'failed', '30003')).toBe(200);
    const parked = await running.database.parked.model.find({ providerId: sid }).lean();
    expect(parked).toMatchObject([{ status: 'failed' }]);
    const kept = (parked[0]?.forgetAt.getTime() ?? 0) - (parked[0]?.parkedAt.getTime() ?? 0);
    expect(kept).toBe(24 * 3_600_000);
    expect(await stored(row)).toMatchObject({ state: 'accepted' });
  });

  test('without a reference, parked before we know the id, find their message later', async () => {
    const row = await answerTo('+447700900730', null);
    const settled = { sid: `SM${'c0ffee00'.repeat(4)}`, channel: 'sms' };
    const early = { ...sentFor(row), sid: settled.sid, statusCallback: STATUS_URL, statuses: [] };
    await running.double.status(early, 'delivered');
    expect(await running.database.parked.model.countDocuments({ providerId: settled.sid })).toBe(1);
    await running.database.outbound.model.updateOne({ _id: row._id }, { $set: { providerId: settled.sid } });
    await until(async () => (await stored(row))?.state === 'delivered');
    await until(async () => (await running.database.parked.model.countDocuments({ providerId: settled.sid })) === 0);
  });

  test('an opt-out that the provider reports is in the ledger', async () => {
    const number = '+447700900731';
    const row = await answerTo(number, { statuses: ['failed'], errorCode: '21610', delayMs: 5 });
    expect(await stored(row)).toMatchObject({ failure: 'opted-out' });
    const person = await running.database.people.findByAddress('sms', number);
    await until(async () => (await running.database.people.get(person?._id ?? ''))?.optedOutAt !== undefined);
    const line = await running.database.optOuts.latest([person?.addresses[0]?.hash ?? '']);
    expect(line).toMatchObject({ action: 'out', by: 'provider' });
  });

  test('every answer went out once, whatever was told about it', () => {
    const toResidents = running.double.ledger.messages.filter(({ from }) => from === SMS_SENDER);
    expect(new Set(toResidents.map(({ ref }) => ref)).size).toBe(toResidents.length);
  });
});
