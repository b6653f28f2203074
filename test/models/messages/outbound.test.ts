import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { below, RANK } from '../../../models/messages/deliveries.ts';
import type { OutboundRow } from '../../../models/messages/schema.ts';
import { Rig } from '../../channels/outbox/rig.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await Rig.open('models');
});
afterAll(async () => {
  await rig.close();
});
beforeEach(async () => {
  await rig.outbound.model.collection.deleteMany({});
});

const now = (): Date => rig.clock.now();
const later = (ms: number): Date => new Date(now().getTime() + ms);

async function claimed(set: Partial<OutboundRow> = {}): Promise<OutboundRow> {
  const [row] = await rig.enqueue(await rig.conversation(), set);
  const claim = row && (await rig.outbound.claim(row, 'me', now(), later(60_000)));
  if (!claim) throw new Error('not claimed');
  return claim;
}

describe('enqueue', () => {
  test('the same rows twice are there once, as they first were', async () => {
    const conversation = await rig.conversation();
    const rows = [rig.row(conversation, { text: 'one' }), rig.row(conversation, { text: 'two' })];
    expect(await rig.outbound.enqueue(rows)).toBe(2);
    expect(await rig.outbound.enqueue(rows.map((row) => ({ ...row, text: 'changed' })))).toBe(0);
    expect(await rig.outbound.enqueue([...rows, rig.row(conversation, { text: 'three' })])).toBe(1);
    const texts = (await rig.outbound.open(conversation._id)).map(({ text }) => text);
    expect(texts).toEqual(['one', 'two', 'three']);
  });

  test('nothing is nothing', async () => {
    expect(await rig.outbound.enqueue([])).toBe(0);
  });

  test.each([
    ['U+0000', 'a\u0000b'],
    ['four-byte characters', '🙏🏽'.repeat(400)],
    ['right-to-left marks', '\u200fشكرا\u202e'],
    ['huge', 'ক'.repeat(100_000)],
  ])('keeps %s', async (_label, text) => {
    const conversation = await rig.conversation();
    await rig.enqueue(conversation, { text });
    expect((await rig.outbound.open(conversation._id))[0]?.text).toBe(text);
  });
});

describe('settle', () => {
  test('with an old fence writes nothing', async () => {
    const first = await claimed();
    await rig.outbound.settle(first, ['leased'], { state: 'queued', dueAt: now() }, now());
    const again = await rig.outbound.claim(await rig.stored(first._id), 'other', now(), later(60_000));
    expect(again?.fence).toBe(2);
    expect(await rig.outbound.settle(first, ['leased'], { state: 'failed', detail: 'x' }, now())).toBe(false);
    expect((await rig.stored(first._id)).state).toBe('leased');
  });

  test('takes a finished row out of the queue and keeps an open one in it', async () => {
    const row = await claimed();
    await rig.outbound.settle(row, ['leased'], { state: 'unknown', dueAt: later(1), detail: 'x' }, now());
    expect(await rig.stored(row._id)).toMatchObject({
      state: 'unknown',
      queue: 'outbox',
      statusAt: { unknown: now() },
    });
    await rig.outbound.settle(row, ['unknown'], { state: 'accepted', providerId: 'SM1' }, now());
    const stored = await rig.stored(row._id);
    expect(stored).toMatchObject({ state: 'accepted', providerId: 'SM1' });
    expect(stored.queue).toBeUndefined();
    expect(stored.lease).toBeUndefined();
  });

  test('of an erased row never brings it back into the queue', async () => {
    const row = await claimed();
    await rig.outbound.model.collection.updateOne(
      { _id: row._id as never },
      { $set: { erased: true }, $unset: { queue: 1 } },
    );
    expect(await rig.outbound.settle(row, ['leased'], { state: 'queued', dueAt: now() }, now())).toBe(false);
    expect((await rig.stored(row._id)).queue).toBeUndefined();
  });
});

describe('due', () => {
  const all = { channels: ['sms'], except: [], limit: 10, skip: 0 };

  test('most urgent first, then longest due; not the future, not other channels, not senders to leave out', async () => {
    const conversation = await rig.conversation();
    await rig.enqueue(
      conversation,
      { text: 'young', dueAt: later(-10) },
      { text: 'old', dueAt: later(-20) },
      { text: 'urgent', purpose: 'safeguarding' },
      { text: 'future', dueAt: later(1) },
      { text: 'elsewhere', channel: 'fax' },
      { text: 'blocked', sender: '+442079460199' },
    );
    const except = [{ channel: 'sms', sender: '+442079460199' }];
    const texts = (await rig.outbound.due(now(), { ...all, except })).map(({ text }) => text);
    expect(texts).toEqual(['urgent', 'old', 'young']);
    const rest = await rig.outbound.due(now(), { ...all, except, skip: 1, limit: 1 });
    expect(rest.map(({ text }) => text)).toEqual(['old']);
  });

  test('what is leased or unknown shows when its time has come', async () => {
    const row = await claimed();
    expect(await rig.outbound.due(now(), all)).toEqual([]);
    expect(await rig.outbound.unsettled(later(59_999), 10)).toEqual([]);
    expect((await rig.outbound.unsettled(later(60_000), 10)).map(({ _id }) => _id)).toEqual([row._id]);
  });

  test('one of two takes up a row of unknown fate', async () => {
    const claim = await claimed();
    await rig.outbound.settle(claim, ['leased'], { state: 'unknown', dueAt: now(), detail: 'x' }, now());
    const row = await rig.stored(claim._id);
    const taken = await Promise.all([rig.outbound.postpone(row, later(1)), rig.outbound.postpone(row, later(2))]);
    expect(taken.filter(Boolean)).toHaveLength(1);
  });
});

test('a row that is sent is never claimed again', async () => {
  const row = await claimed();
  await rig.outbound.settle(row, ['leased'], { state: 'accepted', providerId: 'SM2' }, now());
  expect(await rig.outbound.claim(await rig.stored(row._id), 'me', now(), later(1))).toBeNull();
  expect(await rig.outbound.sendAgain(row._id, now(), later(1))).toBe(false);
});

test('the ranks of statuses', () => {
  expect(below('accepted')).toEqual([]);
  expect(below('sent')).toEqual(['accepted']);
  expect(below('failed').sort()).toEqual(['accepted', 'sent']);
  expect(below('undelivered').sort()).toEqual(['accepted', 'sent']);
  expect(below('delivered').sort()).toEqual(['accepted', 'failed', 'sent', 'undelivered']);
  expect(below('read')).toHaveLength(Object.keys(RANK).length - 1);
});

test('the backlog by channel and state, and rules that are broken', async () => {
  await claimed();
  await rig.enqueue(await rig.conversation(), {}, { dueAt: later(-5) });
  const backlog = await rig.overview.backlog();
  expect(backlog.find(({ state }) => state === 'queued')).toMatchObject({ count: 2, oldestDueAt: later(-5) });
  expect(backlog.find(({ state }) => state === 'leased')).toMatchObject({ count: 1 });
  expect(await rig.overview.brokenRules(now())).toEqual([]);
  await rig.enqueue(await rig.conversation(), { state: 'accepted' });
  const broken = await rig.overview.brokenRules(later(25 * 3_600_000));
  expect(broken.map(({ rule }) => rule)).toEqual(
    expect.arrayContaining([
      'a settled row is not in the queue',
      'an accepted row has the id of the provider',
      'a lease that ran out is settled within the hour',
      'a queued row is taken up within a day',
    ]),
  );
});
