import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { OutboundRow } from '../../../models/messages/schema.ts';
import { FakeChannel, Rig } from './rig.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await Rig.open('race');
});
afterAll(async () => {
  await rig.close();
});

/** Numbers that look random and are the same each time (mulberry32). */
function seeded(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

test.each([1, 2, 3])('three processes on one database send everything once and in order (seed %i)', async (seed) => {
  const random = seeded(seed);
  const log: string[] = [];
  const fake = (): FakeChannel =>
    new FakeChannel('sms', {
      script: async (message) => {
        log.push(message.ref);
        await new Promise((resolve) => setTimeout(resolve, random() * 8));
        if (random() < 0.1) {
          log.splice(log.lastIndexOf(message.ref), 1); // it did not leave
          return { kind: 'not-sent', failure: 'busy' };
        }
        return { kind: 'accepted', providerId: `sid-${message.ref}` };
      },
    });
  const outboxes = [1, 2, 3].map(() => rig.outbox(fake(), { random, timings: { sweepGrace: 0, retryFirst: 1 } }));
  const rows: OutboundRow[] = [];
  for (let i = 0; i < 15; i++) {
    const conversation = await rig.conversation();
    const texts = Array.from({ length: 1 + Math.floor(random() * 4) }, (_, n) => ({ text: String(n) }));
    rows.push(...(await rig.enqueue(conversation, ...texts)));
    for (const outbox of outboxes) if (random() < 0.7) outbox.wake(conversation._id);
  }
  for (let i = 0; i < 40 && (await rig.overview.backlog()).length > 0; i++) {
    rig.clock.forward(20_000);
    await Promise.all(outboxes.map((outbox) => outbox.sweep()));
    await Promise.all(outboxes.map((outbox) => outbox.idle()));
  }
  expect([...log].sort()).toEqual(rows.map(({ _id }) => _id).sort());
  const conversations = new Set(rows.map(({ conversationId }) => conversationId));
  for (const id of conversations) {
    const inOrder = rows.filter(({ conversationId }) => conversationId === id).map(({ _id }) => _id);
    expect(log.filter((ref) => inOrder.includes(ref))).toEqual(inOrder);
  }
  expect(await rig.overview.brokenRules(rig.clock.now())).toEqual([]);
});

test('one row claimed by twenty at once is claimed by one', async () => {
  const [row] = await rig.enqueue(await rig.conversation(), {});
  if (!row) throw new Error('no row');
  const until = new Date(rig.clock.now().getTime() + 60_000);
  const claims = await Promise.all(
    Array.from({ length: 20 }, (_, i) => rig.outbound.claim(row, String(i), rig.clock.now(), until)),
  );
  expect(claims.filter((claim) => claim !== null)).toHaveLength(1);
});

test('two processes reconciling one row repeat it once', async () => {
  const taken: string[] = [];
  const fake = (): FakeChannel =>
    new FakeChannel('sms', {
      script: (message) => {
        taken.push(message.ref);
        return taken.length === 1
          ? { kind: 'unknown', detail: 'timeout' }
          : { kind: 'accepted', providerId: `sid-${message.ref}` };
      },
    });
  const [a, b] = [rig.outbox(fake()), rig.outbox(fake())];
  const row = await rig.sendOne(a, await rig.conversation());
  rig.clock.forward(125_000);
  for (let i = 0; i < 4; i++) {
    await Promise.all([a.sweep(), b.sweep()]);
    await Promise.all([a.idle(), b.idle()]);
  }
  expect(taken.filter((ref) => ref === row._id)).toHaveLength(2);
  expect(await rig.stored(row._id)).toMatchObject({ state: 'accepted', repeated: true });
});
