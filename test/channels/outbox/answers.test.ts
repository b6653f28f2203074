import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { SendFailure } from '../../../models/vocabulary.ts';
import { FakeChannel, Rig } from './rig.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await Rig.open('answers');
});
afterAll(async () => {
  await rig.close();
});

describe('answers of the provider', () => {
  test.each<[SendFailure, string, object]>([
    [
      'content-refused',
      'reply',
      { state: 'failed', failure: 'content-refused', failureCode: '30007', attention: true },
    ],
    ['our-bug', 'reply', { state: 'failed', failure: 'our-bug', attention: true }],
    ['opted-out', 'reply', { state: 'failed', failure: 'opted-out' }],
    ['opted-out', 'staff', { state: 'failed', failure: 'opted-out', attention: true }],
    ['address-unreachable', 'reply', { state: 'failed', failure: 'address-unreachable' }],
    ['window-closed', 'reply', { state: 'dropped', dropReason: 'window-closed', windowClosed: true }],
    ['window-closed', 'safeguarding', { state: 'held', attention: true }],
    ['sender-blocked', 'reply', { state: 'queued' }],
  ])('%s on a %s', async (failure, purpose, expected) => {
    const refused = failure as Exclude<SendFailure, 'busy' | 'provider-unreachable'>;
    const channel: FakeChannel = new FakeChannel('sms', {
      script: () => ({ kind: 'refused', failure: refused, code: '30007' }),
    });
    const row = await rig.sendOne(rig.outbox(channel), await rig.conversation(), { purpose: purpose as 'reply' });
    expect(row).toMatchObject(expected);
    expect(channel.taken).toHaveLength(1);
    expect(row.lease).toBeUndefined();
  });

  test('opted-out is written into the ledger and on the person', async () => {
    const channel: FakeChannel = new FakeChannel('sms', {
      script: () => ({ kind: 'refused', failure: 'opted-out', code: '21610' }),
    });
    const conversation = await rig.conversation();
    await rig.sendOne(rig.outbox(channel), conversation);
    const person = await rig.people.get(conversation.personId);
    expect(person?.optedOutAt).toEqual(rig.clock.now());
    const latest = await rig.optOuts.latest(person?.addresses.map(({ hash }) => hash) ?? []);
    expect(latest).toMatchObject({ action: 'out', by: 'provider', channel: 'sms' });
  });

  test('address-unreachable marks the address, and what we start no longer goes there', async () => {
    const channel: FakeChannel = new FakeChannel('sms', {
      script: () => ({ kind: 'refused', failure: 'address-unreachable' }),
    });
    const outbox = rig.outbox(channel);
    const conversation = await rig.conversation();
    await rig.sendOne(outbox, conversation);
    const row = await rig.sendOne(outbox, conversation, { purpose: 'follow-up' });
    expect(row).toMatchObject({ state: 'dropped', dropReason: 'address-unreachable' });
    expect(channel.taken).toHaveLength(1);
  });

  test('429 with Retry-After: not before, and the whole sender rests', async () => {
    const channel: FakeChannel = new FakeChannel('sms', {
      script: (message) =>
        channel.taken.length === 1
          ? { kind: 'not-sent', failure: 'busy', retryAfterMs: 30_000, code: '429' }
          : { kind: 'accepted', providerId: `sid-${message.ref}` },
    });
    const outbox = rig.outbox(channel);
    const row = await rig.sendOne(outbox, await rig.conversation());
    expect(row).toMatchObject({ state: 'queued', attempts: 1 });
    expect(row.dueAt.getTime() - rig.clock.now().getTime()).toBeGreaterThanOrEqual(30_000);
    const other = await rig.sendOne(outbox, await rig.conversation());
    expect(other).toMatchObject({ state: 'queued', attempts: 0 });
    rig.clock.forward(29_000);
    await outbox.sweep();
    await outbox.idle();
    expect(channel.taken).toHaveLength(1);
    rig.clock.forward(3000);
    await outbox.sweep();
    await outbox.idle();
    await outbox.sweep();
    await outbox.idle();
    expect((await rig.stored(row._id)).state).toBe('accepted');
    expect((await rig.stored(other._id)).state).toBe('accepted');
  });

  test('not sent again and again: the waits grow, and it ends when the row expires', async () => {
    const channel: FakeChannel = new FakeChannel('sms', {
      script: () => ({ kind: 'not-sent', failure: 'provider-unreachable' }),
    });
    const outbox = rig.outbox(channel);
    const began = rig.clock.now().getTime();
    const { _id } = await rig.sendOne(outbox, await rig.conversation(), {
      expiresAt: new Date(began + 3_600_000),
    });
    for (let i = 0; i < 100 && (await rig.stored(_id)).state === 'queued'; i++) {
      const row = await rig.stored(_id);
      rig.clock.set(new Date(Math.max(row.dueAt.getTime(), rig.clock.now().getTime()) + 30_000));
      await outbox.sweep();
      await outbox.idle();
    }
    expect(await rig.stored(_id)).toMatchObject({ state: 'dropped', dropReason: 'expired' });
    expect(channel.taken.length).toBeGreaterThan(8);
    expect(channel.taken.length).toBeLessThan(30);
  });

  test('a provider id that another message has does not stop anything', async () => {
    const channel: FakeChannel = new FakeChannel('sms', {
      script: () => ({ kind: 'accepted', providerId: 'the-same' }),
    });
    const outbox = rig.outbox(channel);
    const first = await rig.sendOne(outbox, await rig.conversation());
    const second = await rig.sendOne(outbox, await rig.conversation());
    expect(first).toMatchObject({ state: 'accepted', providerId: 'the-same' });
    expect(second).toMatchObject({ state: 'accepted', detail: 'provider-id-taken' });
    expect(channel.taken).toHaveLength(2);
  });
});

describe('a blocked sender', () => {
  test('keeps its rows, alerts once, probes with one, and goes on when it works', async () => {
    let blocked = true;
    const channel: FakeChannel = new FakeChannel('sms', {
      script: (message) =>
        blocked
          ? { kind: 'refused', failure: 'sender-blocked', code: '20003' }
          : { kind: 'accepted', providerId: `sid-${message.ref}` },
    });
    const alertsBefore = rig.alerts.length;
    const outbox = rig.outbox(channel);
    const rows = [];
    for (let i = 0; i < 4; i++)
      rows.push(await rig.sendOne(outbox, await rig.conversation(), { sender: '+442079460177' }));
    expect(rows.map(({ state }) => state)).toEqual(['queued', 'queued', 'queued', 'queued']);
    expect(channel.taken).toHaveLength(1);
    rig.clock.forward(46_000);
    await outbox.sweep();
    await outbox.idle();
    expect(channel.taken).toHaveLength(2);
    blocked = false;
    rig.clock.forward(120_000);
    await outbox.sweep();
    await outbox.idle();
    await outbox.sweep();
    await outbox.idle();
    for (const { _id } of rows) expect(await rig.stored(_id)).toMatchObject({ state: 'accepted' });
    expect(rig.alerts.slice(alertsBefore)).toMatchObject([
      { kind: 'sender-blocked', channel: 'sms', code: '20003' },
      { kind: 'sender-recovered', channel: 'sms' },
    ]);
  });
});
