import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { SendFailure } from '../../../models/vocabulary.ts';
import { FakeChannel, Rig, until } from './rig.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await Rig.open('outbox');
});
afterAll(async () => {
  await rig.close();
});

describe('order within a conversation', () => {
  test('rows leave one at a time, in order', async () => {
    let atOnce = 0;
    let most = 0;
    const channel = new FakeChannel('sms', {
      script: async (message) => {
        most = Math.max(most, ++atOnce);
        await new Promise((resolve) => setTimeout(resolve, 3));
        atOnce--;
        return { kind: 'accepted', providerId: `sid-${message.ref}` };
      },
    });
    const outbox = rig.outbox(channel);
    const conversation = await rig.conversation();
    await rig.enqueue(conversation, ...['1', '2', '3', '4', '5'].map((text) => ({ text })));
    outbox.wake(conversation._id);
    outbox.wake(conversation._id);
    await outbox.idle();
    expect(channel.texts).toEqual(['1', '2', '3', '4', '5']);
    expect(most).toBe(1);
  });

  test('what is enqueued while something is being sent follows without another wake being lost', async () => {
    const conversation = await rig.conversation();
    const outbox = rig.outbox(
      new FakeChannel('sms', {
        script: async (message) => {
          if (message.text === 'first') {
            await rig.enqueue(conversation, { text: 'second' });
            outbox.wake(conversation._id);
          }
          return { kind: 'accepted', providerId: `sid-${message.ref}` };
        },
      }),
    );
    await rig.enqueue(conversation, { text: 'first' });
    outbox.wake(conversation._id);
    await outbox.idle();
    expect(await rig.outbound.open(conversation._id)).toEqual([]);
  });

  test('a safeguarding message overtakes a send that hangs', async () => {
    let release = (): void => undefined;
    const channel = new FakeChannel('sms', {
      script: async (message) => {
        if (message.text === 'slow') await new Promise<void>((resolve) => (release = resolve));
        return { kind: 'accepted', providerId: `sid-${message.ref}` };
      },
    });
    const outbox = rig.outbox(channel);
    const conversation = await rig.conversation();
    await rig.enqueue(conversation, { text: 'slow' }, { text: 'after' });
    outbox.wake(conversation._id);
    await until(() => channel.texts.includes('slow'));
    await rig.enqueue(conversation, { text: 'help is near', purpose: 'safeguarding' });
    outbox.wake(conversation._id);
    await until(() => channel.texts.includes('help is near'));
    expect(channel.texts).toEqual(['slow', 'help is near']);
    release();
    await outbox.idle();
    expect(channel.texts).toEqual(['slow', 'help is near', 'after']);
  });

  test('with one slot a second, the most urgent of all conversations takes the next', async () => {
    const channel = new FakeChannel('sms', { policy: { perSecond: 20 } });
    const outbox = rig.outbox(channel, { limits: { maxConcurrent: 50 } });
    const purposes = ['follow-up', 'reply', 'reply', 'staff', 'safeguarding', 'opt-out-ack'] as const;
    for (const purpose of purposes) {
      const conversation = await rig.conversation();
      await rig.enqueue(conversation, { text: purpose, purpose });
      outbox.wake(conversation._id);
    }
    await outbox.idle();
    // The first slot goes to whoever came first; from then on urgency decides.
    expect(channel.texts.slice(-5)).toEqual(
      [...channel.texts.slice(-5)].sort((a, b) => rank(a) - rank(b)),
    );
    expect(channel.texts).toHaveLength(6);
  });
});

function rank(text: string): number {
  return ['opt-out-ack', 'safeguarding', 'staff', 'reply', 'follow-up'].indexOf(text);
}

describe('the last moment', () => {
  test('a person takes over between lease and send: the bot is silent', async () => {
    const channel = new FakeChannel('sms');
    const conversation = await rig.conversation();
    const outbox = rig.outbox(channel, {
      conversations: {
        get: async (id) => {
          await rig.conversations.setHolder(id, ['bot'], 'staff', 'worker');
          return rig.conversations.get(id);
        },
      },
    });
    const row = await rig.sendOne(outbox, conversation);
    expect(row).toMatchObject({ state: 'dropped', dropReason: 'person-holds', attempts: 1 });
    expect(channel.taken).toEqual([]);
    expect(row.queue).toBeUndefined();
  });

  test('STOP while parts are queued: the rest of them is not sent', async () => {
    const conversation = await rig.conversation();
    const answersReceivedAt = rig.clock.now();
    const channel = new FakeChannel('sms', {
      script: async (message) => {
        if (message.text === '1') {
          rig.clock.forward(1000);
          await rig.people.update(conversation.personId, { optedOutAt: rig.clock.now() });
        }
        return { kind: 'accepted', providerId: `sid-${message.ref}` };
      },
    });
    const outbox = rig.outbox(channel);
    const rows = await rig.enqueue(
      conversation,
      { text: '1', answersReceivedAt },
      { text: '2', answersReceivedAt },
      { text: '3', answersReceivedAt },
      { text: 'bye', purpose: 'opt-out-ack', dueAt: new Date(rig.clock.now().getTime() + 1) },
    );
    outbox.wake(conversation._id);
    await outbox.idle();
    await outbox.sweep();
    await outbox.idle();
    expect(channel.texts).toEqual(['1', 'bye']);
    const states = await Promise.all(rows.map(async ({ _id }) => (await rig.stored(_id)).state));
    expect(states).toEqual(['accepted', 'dropped', 'dropped', 'accepted']);
  });

  test('outside the window a template leaves, and the row says which', async () => {
    const channel = new FakeChannel('whatsapp', { policy: { windowHours: 24 } });
    const template = { id: 'HX1', variables: { '1': 'x' } };
    const outbox = rig.outbox(channel, { templates: (_purpose, _language, key) => (key === 'known' ? template : undefined) });
    const conversation = await rig.conversation('whatsapp', {
      lastInboundAt: new Date(rig.clock.now().getTime() - 25 * 3_600_000),
    });
    const sent = await rig.sendOne(outbox, conversation, { purpose: 'follow-up', key: 'known' });
    expect(sent).toMatchObject({ state: 'accepted', template: 'HX1' });
    expect(channel.taken[0]?.template).toEqual(template);
    const held = await rig.sendOne(outbox, conversation, { purpose: 'staff', key: 'unknown' });
    expect(held).toMatchObject({ state: 'held', attention: true });
    expect(held.queue).toBeUndefined();
    expect(await rig.outbound.sendAgain(held._id, rig.clock.now(), rig.clock.now())).toBe(true);
    expect(await rig.stored(held._id)).toMatchObject({ state: 'queued', queue: 'outbox' });
  });

  test('an address that was erased while the row waited is not written to', async () => {
    const channel = new FakeChannel('sms');
    const conversation = await rig.conversation();
    await rig.people.remove(conversation.personId);
    const row = await rig.sendOne(rig.outbox(channel), conversation);
    expect(row).toMatchObject({ state: 'dropped', dropReason: 'erased' });
  });

  test('a row erased between reading and claiming is not claimed', async () => {
    const conversation = await rig.conversation();
    const [row] = await rig.enqueue(conversation, {});
    if (!row) throw new Error('no row');
    await rig.outbound.model.collection.updateOne({ _id: row._id as never }, { $unset: { queue: 1 }, $set: { erased: true } });
    expect(await rig.outbound.claim(row, 'me', rig.clock.now(), rig.clock.now())).toBeNull();
  });
});

describe('answers of the provider', () => {
  test.each<[SendFailure, string, object]>([
    ['content-refused', 'reply', { state: 'failed', failure: 'content-refused', failureCode: '30007', attention: true }],
    ['our-bug', 'reply', { state: 'failed', failure: 'our-bug', attention: true }],
    ['opted-out', 'reply', { state: 'failed', failure: 'opted-out' }],
    ['opted-out', 'staff', { state: 'failed', failure: 'opted-out', attention: true }],
    ['address-unreachable', 'reply', { state: 'failed', failure: 'address-unreachable' }],
    ['window-closed', 'reply', { state: 'dropped', dropReason: 'window-closed', windowClosed: true }],
    ['window-closed', 'safeguarding', { state: 'held', attention: true }],
    ['sender-blocked', 'reply', { state: 'queued' }],
  ])('%s on a %s', async (failure, purpose, expected) => {
    const refused = failure as Exclude<SendFailure, 'busy' | 'provider-unreachable'>;
    const channel = new FakeChannel('sms', { script: () => ({ kind: 'refused', failure: refused, code: '30007' }) });
    const row = await rig.sendOne(rig.outbox(channel), await rig.conversation(), { purpose: purpose as 'reply' });
    expect(row).toMatchObject(expected);
    expect(channel.taken).toHaveLength(1);
    expect(row.lease).toBeUndefined();
  });

  test('opted-out is written into the ledger and on the person', async () => {
    const channel = new FakeChannel('sms', { script: () => ({ kind: 'refused', failure: 'opted-out', code: '21610' }) });
    const conversation = await rig.conversation();
    await rig.sendOne(rig.outbox(channel), conversation);
    const person = await rig.people.get(conversation.personId);
    expect(person?.optedOutAt).toEqual(rig.clock.now());
    const latest = await rig.optOuts.latest(person?.addresses.map(({ hash }) => hash) ?? []);
    expect(latest).toMatchObject({ action: 'out', by: 'provider', channel: 'sms' });
  });

  test('address-unreachable marks the address, and what we start no longer goes there', async () => {
    const channel = new FakeChannel('sms', { script: () => ({ kind: 'refused', failure: 'address-unreachable' }) });
    const outbox = rig.outbox(channel);
    const conversation = await rig.conversation();
    await rig.sendOne(outbox, conversation);
    const row = await rig.sendOne(outbox, conversation, { purpose: 'follow-up' });
    expect(row).toMatchObject({ state: 'dropped', dropReason: 'address-unreachable' });
    expect(channel.taken).toHaveLength(1);
  });

  test('429 with Retry-After: not before, and the whole sender rests', async () => {
    const channel = new FakeChannel('sms', {
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
    const channel = new FakeChannel('sms', { script: () => ({ kind: 'not-sent', failure: 'provider-unreachable' }) });
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
    const channel = new FakeChannel('sms', { script: () => ({ kind: 'accepted', providerId: 'the-same' }) });
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
    const channel = new FakeChannel('sms', {
      script: (message) =>
        blocked
          ? { kind: 'refused', failure: 'sender-blocked', code: '20003' }
          : { kind: 'accepted', providerId: `sid-${message.ref}` },
    });
    const alertsBefore = rig.alerts.length;
    const outbox = rig.outbox(channel);
    const rows = [];
    for (let i = 0; i < 4; i++) rows.push(await rig.sendOne(outbox, await rig.conversation(), { sender: '+442079460177' }));
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

test('nothing personal is logged', async () => {
  const channel = new FakeChannel('sms', {
    script: () => {
      throw new Error('request to +447700900123 failed: Body=my secret story');
    },
  });
  const conversation = await rig.conversation();
  const row = await rig.sendOne(rig.outbox(channel), conversation, { text: 'my secret story' });
  expect(row).toMatchObject({ state: 'unknown', detail: 'threw Error' });
  expect(rig.logged.length).toBeGreaterThan(0);
  expect(rig.logged.join('')).not.toMatch(/secret|\+447700|\+4420/);
});
