import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Receipt } from '../../../channels/channel.ts';
import type { OutboundRow } from '../../../models/messages/schema.ts';
import type { DeliveryStatus } from '../../../models/vocabulary.ts';
import { FakeChannel, Rig } from './rig.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await Rig.open('receipts');
});
afterAll(async () => {
  await rig.close();
});

async function sent(set: Partial<OutboundRow> = {}): Promise<OutboundRow> {
  return rig.sendOne(rig.outbox(new FakeChannel('sms')), await rig.conversation(), set);
}

function receipt(row: OutboundRow, status: DeliveryStatus, more: Partial<Receipt> = {}): Receipt {
  return { channel: 'sms', providerId: `sid-${row._id}`, ref: row._id, status, ...more };
}

describe('a status only rises', () => {
  test.each<[DeliveryStatus[], DeliveryStatus]>([
    [['sent', 'delivered', 'read'], 'read'],
    [['delivered', 'sent'], 'delivered'],
    [['read', 'delivered', 'sent', 'accepted'], 'read'],
    [['sent', 'sent', 'sent'], 'sent'],
    [['accepted'], 'accepted'],
    [['failed'], 'failed'],
    [['sent', 'undelivered'], 'undelivered'],
    [['undelivered', 'sent'], 'undelivered'],
    [['delivered', 'failed'], 'delivered'],
    [['read', 'undelivered'], 'read'],
    [['undelivered', 'delivered'], 'delivered'],
    [['failed', 'undelivered'], 'failed'],
  ])('%j ends as %s', async (statuses, expected) => {
    const row = await sent();
    const outbox = rig.outbox(new FakeChannel('sms'));
    for (const status of statuses) await outbox.receipt(receipt(row, status));
    expect((await rig.stored(row._id)).state).toBe(expected);
    expect(await rig.parked.model.countDocuments({ ref: row._id })).toBe(0);
  });

  test('of receipts that come all at once, the highest stays', async () => {
    const row = await sent();
    const outbox = rig.outbox(new FakeChannel('sms'));
    const all: DeliveryStatus[] = ['accepted', 'read', 'sent', 'delivered', 'undelivered', 'sent', 'delivered'];
    await Promise.all(all.map((status) => outbox.receipt(receipt(row, status))));
    expect((await rig.stored(row._id)).state).toBe('read');
  });
});

describe('whose receipt', () => {
  test('by the id of the provider when there is no ref', async () => {
    const row = await sent();
    const nameless: Receipt = { channel: 'sms', providerId: `sid-${row._id}`, status: 'delivered' };
    await rig.outbox(new FakeChannel('sms')).receipt(nameless);
    expect((await rig.stored(row._id)).state).toBe('delivered');
  });

  test.each([
    ['another channel', { channel: 'whatsapp' }],
    ['another id of the provider', { providerId: 'SM-foreign' }],
  ])('a ref with %s changes nothing', async (_label, more) => {
    const row = await sent();
    await rig.outbox(new FakeChannel('sms')).receipt(receipt(row, 'delivered', more));
    expect(await rig.stored(row._id)).toMatchObject({ state: 'accepted', providerId: `sid-${row._id}` });
  });

  test('before the answer to the attempt: both agree', async () => {
    const channel: FakeChannel = new FakeChannel('sms', {
      script: async (message) => {
        await outbox.receipt({ channel: 'sms', providerId: 'SM-early', ref: message.ref, status: 'delivered' });
        return { kind: 'accepted', providerId: 'SM-early' };
      },
    });
    const outbox = rig.outbox(channel);
    const row = await rig.sendOne(outbox, await rig.conversation());
    expect(row).toMatchObject({ state: 'delivered', providerId: 'SM-early' });
    expect(row.queue).toBeUndefined();
    expect(row.lease).toBeUndefined();
  });

  test('of a message we do not know: parked, found later, forgotten after a day', async () => {
    const outbox = rig.outbox(new FakeChannel('sms'));
    const early: Receipt = { channel: 'sms', providerId: 'SM-parked', status: 'delivered' };
    await outbox.receipt(early);
    await outbox.receipt(early);
    await outbox.receipt({ ...early, providerId: 'SM-never' });
    expect(await rig.parked.model.countDocuments()).toBe(2);
    await outbox.sweep();
    const channel: FakeChannel = new FakeChannel('sms', {
      script: () => ({ kind: 'accepted', providerId: 'SM-parked' }),
    });
    const row = await rig.sendOne(rig.outbox(channel), await rig.conversation());
    expect(row.state).toBe('accepted');
    rig.clock.forward(3000);
    await outbox.sweep();
    expect((await rig.stored(row._id)).state).toBe('delivered');
    const left = await rig.parked.model.find().lean();
    expect(left.map(({ providerId }) => providerId)).toEqual(['SM-never']);
    expect(left[0]?.forgetAt.getTime()).toBeLessThanOrEqual(rig.clock.now().getTime() + 86_400_000);
  });
});

describe('failures told by receipt act like refusals', () => {
  test('window closed: the row goes back once, as a template or to staff', async () => {
    const channel: FakeChannel = new FakeChannel('sms', {
      script: (message) => ({ kind: 'accepted', providerId: `${message.template?.id ?? 'free'}-${message.ref}` }),
    });
    const outbox = rig.outbox(channel, { templates: () => ({ id: 'HX9', variables: {} }) });
    const row = await rig.sendOne(outbox, await rig.conversation(), { purpose: 'staff' });
    const failed = receipt(row, 'failed', { providerId: `free-${row._id}`, failure: 'window-closed', code: '63016' });
    await outbox.receipt(failed);
    await outbox.idle();
    await outbox.receipt(failed);
    await outbox.idle();
    expect(channel.taken.map(({ template }) => template?.id)).toEqual([undefined, 'HX9']);
    expect(await rig.stored(row._id)).toMatchObject({ state: 'accepted', providerId: `HX9-${row._id}` });
  });

  test('window closed while the answer to the attempt is still out', async () => {
    const channel: FakeChannel = new FakeChannel('sms', {
      script: async (message) => {
        const providerId = `free-${message.ref}`;
        await outbox.receipt({
          channel: 'sms',
          providerId,
          ref: message.ref,
          status: 'failed',
          failure: 'window-closed',
        });
        return { kind: 'accepted', providerId };
      },
    });
    const outbox = rig.outbox(channel);
    const row = await rig.sendOne(outbox, await rig.conversation(), { purpose: 'staff' });
    expect(row).toMatchObject({ state: 'held', attention: true });
    expect(channel.taken).toHaveLength(1);
  });

  test('opted out: ledger and person', async () => {
    const row = await sent();
    await rig
      .outbox(new FakeChannel('sms'))
      .receipt(receipt(row, 'undelivered', { failure: 'opted-out', code: '21610' }));
    expect(await rig.stored(row._id)).toMatchObject({
      state: 'undelivered',
      failure: 'opted-out',
      failureCode: '21610',
    });
    expect((await rig.people.get(row.personId))?.optedOutAt).toBeDefined();
  });

  test('nobody there: the address is marked', async () => {
    const row = await sent();
    await rig.outbox(new FakeChannel('sms')).receipt(receipt(row, 'undelivered', { failure: 'address-unreachable' }));
    expect((await rig.people.get(row.personId))?.addresses[0]?.unreachableAt).toBeDefined();
  });

  test('busy: back into the queue, at most three times', async () => {
    const channel: FakeChannel = new FakeChannel('sms', {
      script: () => ({ kind: 'accepted', providerId: `busy-${String(channel.taken.length)}` }),
    });
    const outbox = rig.outbox(channel);
    const { _id } = await rig.sendOne(outbox, await rig.conversation());
    for (let i = 1; i <= 5; i++) {
      const busy = {
        channel: 'sms',
        providerId: `busy-${String(i)}`,
        ref: _id,
        status: 'failed',
        failure: 'busy',
      } as const;
      await outbox.receipt(busy);
      await outbox.receipt(busy);
      rig.clock.forward(60_000);
      await outbox.sweep();
      await outbox.idle();
    }
    expect(channel.taken).toHaveLength(4);
    expect(await rig.stored(_id)).toMatchObject({
      state: 'failed',
      failure: 'busy',
      spent: ['busy-1', 'busy-2', 'busy-3'],
    });
  });

  test('the content was refused: staff see it until they have', async () => {
    const row = await sent();
    await rig.outbox(new FakeChannel('sms')).receipt(receipt(row, 'undelivered', { failure: 'content-refused' }));
    expect((await rig.overview.needingAttention(50)).map(({ _id }) => _id)).toContain(row._id);
    await rig.outbound.clearAttention(row._id);
    expect((await rig.overview.needingAttention(50)).map(({ _id }) => _id)).not.toContain(row._id);
  });
});

test('after all this every rule about stored rows holds', async () => {
  expect(await rig.overview.brokenRules(rig.clock.now())).toEqual([]);
});
