import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
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
    const channel: FakeChannel = new FakeChannel('sms', {
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
    const channel: FakeChannel = new FakeChannel('sms', {
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

  test('the most urgent of all conversations takes the next slot', async () => {
    const channel: FakeChannel = new FakeChannel('sms', { policy: { perSecond: 10 } });
    const outbox = rig.outbox(channel, { limits: { maxConcurrent: 50 } });
    const woken = [];
    for (const purpose of ['follow-up', 'reply', 'reply', 'staff', 'safeguarding', 'opt-out-ack'] as const) {
      const conversation = await rig.conversation();
      await rig.enqueue(conversation, { text: purpose, purpose });
      woken.push(conversation._id);
    }
    for (const id of woken) outbox.wake(id);
    await outbox.idle();
    // The first slot goes to whoever came first; from then on urgency decides.
    const rest = channel.texts.slice(1);
    expect(rest).toHaveLength(5);
    expect(rest).toEqual([...rest].sort((a, b) => rank(a) - rank(b)));
  });
});

function rank(text: string): number {
  return ['opt-out-ack', 'safeguarding', 'staff', 'reply', 'follow-up'].indexOf(text);
}

describe('the last moment', () => {
  test('a person takes over between lease and send: the bot is silent', async () => {
    const channel: FakeChannel = new FakeChannel('sms');
    const conversation = await rig.conversation();
    const outbox = rig.outbox(channel, {
      conversations: {
        getMany: async (ids) => {
          await rig.conversations.setHolder(conversation._id, ['bot'], 'staff', 'worker');
          return rig.conversations.getMany(ids);
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
    const channel: FakeChannel = new FakeChannel('sms', {
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
    const channel: FakeChannel = new FakeChannel('whatsapp', { policy: { windowHours: 24 } });
    const template = { id: 'HX1', variables: { '1': 'x' } };
    const outbox = rig.outbox(channel, {
      templates: (_purpose, _language, key) => (key === 'known' ? template : undefined),
    });
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
    const channel: FakeChannel = new FakeChannel('sms');
    const conversation = await rig.conversation();
    await rig.people.remove(conversation.personId);
    const row = await rig.sendOne(rig.outbox(channel), conversation);
    expect(row).toMatchObject({ state: 'dropped', dropReason: 'erased' });
  });

  test('a row erased between reading and claiming is not claimed', async () => {
    const conversation = await rig.conversation();
    const [row] = await rig.enqueue(conversation, {});
    if (!row) throw new Error('no row');
    await rig.outbound.model.collection.updateOne(
      { _id: row._id as never },
      { $unset: { queue: 1 }, $set: { erased: true } },
    );
    expect(await rig.outbound.claim(row, 'me', rig.clock.now(), rig.clock.now())).toBeNull();
  });
});

test('nothing personal is logged', async () => {
  const channel: FakeChannel = new FakeChannel('sms', {
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
