import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { SendOutcome } from '../../../channels/channel.ts';
import { FakeChannel, Rig, settleDown, until } from './rig.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await Rig.open('unknown');
});
afterAll(async () => {
  await rig.close();
});

const lost = (): SendOutcome => ({ kind: 'unknown', detail: 'timeout' });

describe('a message of unknown fate', () => {
  test('stands in the way of later ones, is never sent again blindly, and is adopted from a receipt with its ref', async () => {
    const channel: FakeChannel = new FakeChannel('sms', {
      script: (message) => (message.text === 'a' ? lost() : { kind: 'accepted', providerId: `sid-${message.ref}` }),
    });
    const outbox = rig.outbox(channel);
    const conversation = await rig.conversation();
    const [a, b] = await rig.enqueue(conversation, { text: 'a' }, { text: 'b' });
    outbox.wake(conversation._id);
    await outbox.idle();
    await settleDown(outbox);
    expect(channel.texts).toEqual(['a']);
    expect(await rig.stored(a?._id ?? '')).toMatchObject({ state: 'unknown', queue: 'outbox' });
    await outbox.receipt({ channel: 'sms', providerId: 'SM-late', ref: a?._id ?? '', status: 'sent' });
    await outbox.idle();
    expect(await rig.stored(a?._id ?? '')).toMatchObject({ state: 'sent', providerId: 'SM-late' });
    expect(await rig.stored(b?._id ?? '')).toMatchObject({ state: 'accepted' });
    expect(channel.texts).toEqual(['a', 'b']);
  });

  test('is looked up after 45 s, not before, and adopted when found', async () => {
    const looks: Date[] = [];
    const channel: FakeChannel = new FakeChannel('sms', {
      script: lost,
      find: () => {
        looks.push(rig.clock.now());
        return Promise.resolve({ providerId: 'SM-found' });
      },
    });
    const outbox = rig.outbox(channel);
    const row = await rig.sendOne(outbox, await rig.conversation());
    rig.clock.forward(44_999);
    await settleDown(outbox);
    expect(looks).toEqual([]);
    rig.clock.forward(1);
    await settleDown(outbox);
    expect(looks).toHaveLength(1);
    expect(await rig.stored(row._id)).toMatchObject({ state: 'accepted', providerId: 'SM-found' });
    expect(channel.taken).toHaveLength(1);
  });

  test.each([
    ['reply', 2, 'accepted', { repeated: true }],
    ['staff', 1, 'failed', { attention: true, detail: 'fate-unknown' }],
    ['safeguarding', 1, 'failed', { attention: true, detail: 'fate-unknown' }],
    ['follow-up', 1, 'failed', { attention: true }],
    ['opt-out-ack', 1, 'failed', { attention: true }],
  ] as const)('%s: not there after 2 min, then sent %i times in all and %s', async (purpose, times, state, more) => {
    const channel: FakeChannel = new FakeChannel('sms', {
      script: (message) =>
        channel.taken.length === 1 ? lost() : { kind: 'accepted', providerId: `sid-${message.ref}` },
      find: () => Promise.resolve(null),
    });
    const outbox = rig.outbox(channel);
    const row = await rig.sendOne(outbox, await rig.conversation(), { purpose });
    rig.clock.forward(119_000);
    await settleDown(outbox);
    await settleDown(outbox);
    expect(channel.taken).toHaveLength(1);
    rig.clock.forward(2000);
    await settleDown(outbox);
    expect(channel.taken).toHaveLength(times);
    expect(await rig.stored(row._id)).toMatchObject({ state, ...more });
  });

  test('a repeat whose fate is unknown too is not repeated again', async () => {
    const channel: FakeChannel = new FakeChannel('sms', { script: lost });
    const outbox = rig.outbox(channel);
    const row = await rig.sendOne(outbox, await rig.conversation());
    for (let i = 0; i < 6; i++) {
      rig.clock.forward(130_000);
      await settleDown(outbox);
    }
    expect(channel.taken).toHaveLength(2);
    expect(await rig.stored(row._id)).toMatchObject({ state: 'failed', repeated: true, attention: true });
  });

  test('while the records cannot be read nothing is decided', async () => {
    let readable = false;
    const channel: FakeChannel = new FakeChannel('sms', {
      script: lost,
      find: () => (readable ? Promise.resolve({ providerId: 'SM-there' }) : Promise.reject(new Error('503'))),
    });
    const outbox = rig.outbox(channel);
    const row = await rig.sendOne(outbox, await rig.conversation());
    for (let i = 0; i < 10; i++) {
      rig.clock.forward(60_000);
      await settleDown(outbox);
    }
    expect((await rig.stored(row._id)).state).toBe('unknown');
    readable = true;
    rig.clock.forward(60_000);
    await settleDown(outbox);
    expect(await rig.stored(row._id)).toMatchObject({ state: 'accepted', providerId: 'SM-there' });
    expect(channel.taken).toHaveLength(1);
  });

  test('records that show another equal message of ours are no proof', async () => {
    const channel: FakeChannel = new FakeChannel('sms', {
      script: (message) => (message.text === 'twin' ? lost() : { kind: 'accepted', providerId: 'SM-twin' }),
      find: () => Promise.resolve({ providerId: 'SM-twin' }),
    });
    const outbox = rig.outbox(channel);
    await rig.sendOne(outbox, await rig.conversation(), { text: 'first' });
    const row = await rig.sendOne(outbox, await rig.conversation(), { text: 'twin', purpose: 'staff' });
    rig.clock.forward(50_000);
    await settleDown(outbox);
    expect((await rig.stored(row._id)).state).toBe('unknown');
    rig.clock.forward(80_000);
    await settleDown(outbox);
    expect(await rig.stored(row._id)).toMatchObject({ state: 'failed', attention: true });
  });

  test('on a channel that knows refs again it is simply sent again', async () => {
    const channel: FakeChannel = new FakeChannel('webchat', {
      policy: { dedupesByRef: true },
      script: (message) =>
        channel.taken.length === 1 ? lost() : { kind: 'accepted', providerId: `sid-${message.ref}` },
    });
    const outbox = rig.outbox(channel);
    const row = await rig.sendOne(outbox, await rig.conversation('webchat'), { purpose: 'staff' });
    expect(row.state).toBe('queued');
    rig.clock.forward(5000);
    await settleDown(outbox);
    expect(await rig.stored(row._id)).toMatchObject({ state: 'accepted', attempts: 2 });
  });
});

describe('a process that dies while sending', () => {
  test('its row is not sent by the next one before its fate is looked up', async () => {
    const hangs = new FakeChannel('sms', { script: () => new Promise<never>(() => undefined) });
    const dying = rig.outbox(hangs, { timings: { drain: 1 } });
    const conversation = await rig.conversation();
    const [row] = await rig.enqueue(conversation, { text: 'x' }, { text: 'y' });
    dying.wake(conversation._id);
    await until(() => hangs.taken.length === 1);

    const channel: FakeChannel = new FakeChannel('sms', { find: () => Promise.resolve({ providerId: 'SM-it-went' }) });
    const next = rig.outbox(channel);
    await settleDown(next);
    expect(channel.taken).toEqual([]);
    rig.clock.forward(61_000);
    await settleDown(next);
    expect(await rig.stored(row?._id ?? '')).toMatchObject({ state: 'accepted', providerId: 'SM-it-went' });
    expect(channel.texts).toEqual(['y']);
  });

  test('an answer that comes after the lease ran out is still believed, and prevents the repeat', async () => {
    let answer: (outcome: SendOutcome) => void = () => undefined;
    const channel: FakeChannel = new FakeChannel('sms', { script: () => new Promise((resolve) => (answer = resolve)) });
    const outbox = rig.outbox(channel);
    const other = rig.outbox(new FakeChannel('sms'));
    const conversation = await rig.conversation();
    const [row] = await rig.enqueue(conversation, {});
    outbox.wake(conversation._id);
    await until(() => channel.taken.length === 1);
    rig.clock.forward(61_000);
    await other.sweep();
    expect((await rig.stored(row?._id ?? '')).state).toBe('unknown');
    answer({ kind: 'accepted', providerId: 'SM-slow' });
    await outbox.idle();
    expect(await rig.stored(row?._id ?? '')).toMatchObject({ state: 'accepted', providerId: 'SM-slow' });
  });

  test('a provider that does not answer: the attempt ends by itself, and a late yes is written down', async () => {
    let answer: (outcome: SendOutcome) => void = () => undefined;
    const channel: FakeChannel = new FakeChannel('sms', { script: () => new Promise((resolve) => (answer = resolve)) });
    const outbox = rig.outbox(channel, { timings: { send: 10, abortGrace: 10 } });
    const row = await rig.sendOne(outbox, await rig.conversation());
    expect(row).toMatchObject({ state: 'unknown', detail: 'no-answer' });
    answer({ kind: 'accepted', providerId: 'SM-at-last' });
    await until(async () => (await rig.stored(row._id)).state === 'accepted');
    expect((await rig.stored(row._id)).providerId).toBe('SM-at-last');
  });
});

describe('looking in the records', () => {
  test('of two equal messages each is told apart, the one that is taken passed over', async () => {
    const offers = ['SM-one', 'SM-two'];
    const channel: FakeChannel = new FakeChannel('sms', {
      script: (message) => (message.text === 'equal' ? lost() : { kind: 'accepted', providerId: 'SM-one' }),
      find: () => Promise.resolve({ providerId: offers.shift() ?? 'SM-two' }),
    });
    const outbox = rig.outbox(channel);
    await rig.sendOne(outbox, await rig.conversation(), { text: 'first' });
    const row = await rig.sendOne(outbox, await rig.conversation(), { text: 'equal' });
    rig.clock.forward(45_000);
    await settleDown(outbox);
    expect(await rig.stored(row._id)).toMatchObject({ state: 'accepted', providerId: 'SM-two' });
  });

  test('a template is looked for as a template; what cannot be told goes to staff after two minutes', async () => {
    const asked: (string | undefined)[] = [];
    const channel: FakeChannel = new FakeChannel('whatsapp', {
      policy: { windowHours: 24 },
      script: lost,
      find: (message) => {
        asked.push(message.template?.id);
        return Promise.reject(new Error('cannot tell'));
      },
    });
    const outbox = rig.outbox(channel, { templates: () => ({ id: 'HX7', variables: { '1': 'x' } }) });
    const old = { lastInboundAt: new Date(rig.clock.now().getTime() - 30 * 3_600_000) };
    const row = await rig.sendOne(outbox, await rig.conversation('whatsapp', old), { purpose: 'staff' });
    expect(row).toMatchObject({ state: 'unknown', template: 'HX7' });
    rig.clock.forward(121_000);
    await settleDown(outbox);
    expect(await rig.stored(row._id)).toMatchObject({ state: 'failed', attention: true, detail: 'fate-unknown' });
    expect(asked[0]).toBe('HX7');
  });
});
