import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { SendOutcome } from '../../../channels/channel.ts';
import { FakeChannel, Rig, settleDown, until } from './rig.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await Rig.open('interruptions');
});
afterAll(async () => {
  await rig.close();
});

describe('stopping', () => {
  test('waits for what is being sent and begins nothing new', async () => {
    let answer: (outcome: SendOutcome) => void = () => undefined;
    const channel: FakeChannel = new FakeChannel('sms', { script: () => new Promise((resolve) => (answer = resolve)) });
    const outbox = rig.outbox(channel);
    const conversation = await rig.conversation();
    const [first, second] = await rig.enqueue(conversation, {}, {});
    outbox.wake(conversation._id);
    await until(() => channel.taken.length === 1);
    const stopped = outbox.stop();
    answer({ kind: 'accepted', providerId: 'SM-last' });
    await stopped;
    expect((await rig.stored(first?._id ?? '')).state).toBe('accepted');
    expect(await rig.stored(second?._id ?? '')).toMatchObject({ state: 'queued', attempts: 0 });
    outbox.wake(conversation._id);
    await outbox.idle();
    expect(channel.taken).toHaveLength(1);
  });

  test('ends what takes too long; it is reconciled later', async () => {
    const channel: FakeChannel = new FakeChannel('sms', { script: () => new Promise<never>(() => undefined) });
    const outbox = rig.outbox(channel, { timings: { drain: 20 } });
    const conversation = await rig.conversation();
    const [row] = await rig.enqueue(conversation, {});
    outbox.wake(conversation._id);
    await until(() => channel.taken.length === 1);
    await outbox.stop();
    expect((await rig.stored(row?._id ?? '')).state).toBe('unknown');
  });
});

describe('the database goes away', () => {
  test('while settling: written as soon as it is back', async () => {
    let failures = 0;
    const outbound = new Proxy(rig.outbound, {
      get(target, name, receiver): unknown {
        if (name === 'settle' && failures++ < 3) return () => Promise.reject(new Error('away'));
        return Reflect.get(target, name, receiver);
      },
    });
    const channel: FakeChannel = new FakeChannel('sms');
    const outbox = rig.outbox(channel, { outbound });
    const row = await rig.sendOne(outbox, await rig.conversation());
    expect(failures).toBeGreaterThan(3);
    expect(row.state).toBe('accepted');
    expect(channel.taken).toHaveLength(1);
  });

  test('for longer than the lease: the row ends up unknown, found by its ref, and is not sent twice', async () => {
    let away = true;
    const outbound = new Proxy(rig.outbound, {
      get(target, name, receiver): unknown {
        if (name === 'settle' && away) return () => Promise.reject(new Error('away'));
        return Reflect.get(target, name, receiver);
      },
    });
    const channel: FakeChannel = new FakeChannel('sms', {
      find: (message) => Promise.resolve({ providerId: `sid-${message.ref}` }),
    });
    const outbox = rig.outbox(channel, { outbound, timings: { lease: 40_000, send: 10 } });
    const conversation = await rig.conversation();
    const [row] = await rig.enqueue(conversation, {});
    const real = performance.now.bind(performance);
    let skip = 0;
    performance.now = () => real() + skip;
    outbox.wake(conversation._id);
    await until(() => channel.taken.length === 1);
    skip = 41_000;
    await outbox.idle();
    performance.now = real;
    expect((await rig.stored(row?._id ?? '')).state).toBe('leased');
    away = false;
    rig.clock.forward(50_000);
    await settleDown(outbox);
    expect(await rig.stored(row?._id ?? '')).toMatchObject({ state: 'accepted', providerId: `sid-${row?._id ?? ''}` });
    expect(channel.taken.filter(({ ref }) => ref === row?._id)).toHaveLength(1);
  });

  test('while the gates ask: nothing leaves, the row waits its turn again', async () => {
    let away = true;
    const channel: FakeChannel = new FakeChannel('sms');
    const outbox = rig.outbox(channel, {
      conversations: {
        getMany: (ids) => (away ? Promise.reject(new Error('away')) : rig.conversations.getMany(ids)),
      },
    });
    const row = await rig.sendOne(outbox, await rig.conversation());
    expect(row.state).toBe('queued');
    expect(channel.taken).toEqual([]);
    away = false;
    rig.clock.forward(5000);
    await settleDown(outbox);
    expect((await rig.stored(row._id)).state).toBe('accepted');
  });
});
