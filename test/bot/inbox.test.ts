import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { createAccept } from '../../bot/accept.ts';
import { Inbox, type InboxParts } from '../../bot/inbox.ts';
import { Settling } from '../../bot/settling.ts';
import type { Work } from '../../bot/work.ts';
import { createOrder } from '../../models/order.ts';
import { MAX_FAILURES } from '../../models/messages/inbound.ts';
import { freshDatabase } from '../support/database.ts';
import { fakeChannel } from '../support/fake-channel.ts';
import { inboundMessage } from '../support/inbound.ts';
import { until } from '../support/until.ts';

let database: Awaited<ReturnType<typeof freshDatabase>>;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.drop());

const now = (): Date => new Date();
const order = createOrder(now);
const log = pino({ level: 'silent' });

interface Rig {
  inbox: Inbox;
  send: (address: string, text: string) => Promise<string>;
}

/** An inbox whose turns are `run`; messages go through the real accept path. */
function rig(owner: string, run: (work: Work) => Promise<void>, overrides: Partial<InboxParts> = {}): Rig {
  const inbox = new Inbox({
    database,
    channels: new Map([['sms', fakeChannel('sms')]]),
    run,
    wake: () => undefined,
    leaseMs: 2000,
    now,
    settling: new Settling(database.inbound, log),
    owner,
    log,
    concurrency: 8,
    sweepMs: 50,
    neglectedAfterMs: 100,
    ...overrides,
  });
  const accept = createAccept({
    ...database,
    screens: [],
    order,
    now,
    log,
    stored: (id) => {
      inbox.wake(id);
    },
  });
  const send = async (address: string, text: string): Promise<string> => {
    const message = inboundMessage({ address, text });
    await accept(message);
    return message.providerId;
  };
  return { inbox, send };
}

const outcomeOf = async (providerId: string): Promise<unknown> =>
  ((await database.inbound.model.findOne({ providerId }).lean()) as { outcome?: string } | null)?.outcome;

describe('inbox', () => {
  test('50 people writing at once to two processes are each taken in order, one turn a message', async () => {
    const seen = new Map<string, string[]>();
    const run = (work: Work): Promise<void> => {
      const texts = seen.get(work.person._id) ?? [];
      seen.set(work.person._id, [...texts, work.message?.text ?? '']);
      work.state = { ...(work.state ?? {}), count: texts.length + 1 } as never;
      return Promise.resolve();
    };
    const [one, two] = [rig('one', run), rig('two', run)];
    one.inbox.start();
    two.inbox.start();
    const people = Array.from({ length: 50 }, (_, i) => `+4477009001${String(i).padStart(2, '0')}`);
    const ids: string[] = [];
    await Promise.all(
      people.map(async (address, i) => {
        for (let n = 0; n < 4; n++) ids.push(await (i % 2 === n % 2 ? one : two).send(address, String(n)));
      }),
    );
    await until(async () => (await database.inbound.countWaiting()) === 0, 20_000);
    await Promise.all([one.inbox.stop(), two.inbox.stop()]);
    expect([...seen.values()]).toEqual(Array.from({ length: 50 }, () => ['0', '1', '2', '3']));
    expect(new Set(await Promise.all(ids.map(outcomeOf)))).toEqual(new Set(['replied']));
  });

  test('a turn committed but not recorded is recorded, not taken again', async () => {
    let turns = 0;
    const counting = (): Promise<void> => {
      turns += 1;
      return Promise.resolve();
    };
    const first = rig('crashing', counting, {
      settling: { add: () => undefined, flush: () => Promise.resolve() } as unknown as Settling,
    });
    first.inbox.start();
    const id = await first.send('+447700900200', 'hello');
    await until(
      async () =>
        (await database.conversations.model.countDocuments({
          'handled.0': { $exists: true },
          lease: { $exists: false },
          channel: 'sms',
          version: 1,
        })) > 0 && turns === 1,
    );
    await first.inbox.stop();
    expect(await outcomeOf(id)).toBeUndefined();
    const second = rig('next', counting);
    second.inbox.start();
    await until(async () => (await outcomeOf(id)) !== undefined);
    await second.inbox.stop();
    expect(turns).toBe(1);
  });

  test('a conversation changed during the turn makes the turn be taken again on what is true now', async () => {
    const holders: string[] = [];
    const run = async (work: Work): Promise<void> => {
      holders.push(work.conversation.holder);
      if (holders.length === 1)
        await database.conversations.setHolder(work.conversation._id, ['bot'], 'staff', 'amina');
    };
    const { inbox, send } = rig('raced', run);
    inbox.start();
    const id = await send('+447700900201', 'hello');
    await until(async () => (await outcomeOf(id)) !== undefined);
    await inbox.stop();
    expect(holders).toEqual(['bot', 'staff']);
  });

  test('a turn that always fails is left to staff and does not strand what comes after it', async () => {
    let failures = 0;
    const run = (work: Work): Promise<void> => {
      if (work.message?.text !== 'poison') return Promise.resolve();
      failures += 1;
      return Promise.reject(new Error('no'));
    };
    const { inbox, send } = rig('poisoned', run);
    inbox.start();
    const bad = await send('+447700900202', 'poison');
    const good = await send('+447700900202', 'after');
    await until(async () => (await outcomeOf(good)) !== undefined, 20_000);
    await inbox.stop();
    expect(await outcomeOf(bad)).toBe('failed-for-staff');
    expect(await outcomeOf(good)).toBe('replied');
    expect(failures).toBe(MAX_FAILURES);
  });

  test('a lease whose holder died is taken over when it has run out', async () => {
    const { inbox, send } = rig('survivor', () => Promise.resolve());
    const id = await send('+447700900203', 'hello'); // not started: nobody takes it
    const row = (await database.inbound.model.findOne({ providerId: id }).lean()) as unknown as {
      conversationId: string;
      personId: string;
      addressId: string;
      sender: string;
    };
    const parties = {
      _id: row.conversationId,
      personId: row.personId,
      addressId: row.addressId,
      channel: 'sms',
      sender: row.sender,
    };
    const dead = await database.conversations.lease(parties, now(), 'dead', now(), 300);
    inbox.start();
    await until(async () => (await outcomeOf(id)) !== undefined);
    await inbox.stop();
    expect(
      dead && (await database.conversations.commit(dead, { state: { late: true } }, { release: true, until: now() })),
    ).toBe(false);
  });

  test('a message on its way while its writer is erased is emptied, and that is its outcome', async () => {
    const { inbox, send } = rig('eraser', () => Promise.resolve());
    const id = await send('+447700900204', 'please forget');
    const person = await database.people.findByAddress('sms', '+447700900204');
    await database.people.remove(person?._id ?? '');
    inbox.start();
    await until(
      async () =>
        (await outcomeOf(id)) !== undefined ||
        (await database.inbound.model.countDocuments({ providerId: id, erased: true })) > 0,
    );
    await inbox.stop();
    expect(JSON.stringify(await database.inbound.model.findOne({ providerId: id }).lean())).not.toContain(
      'please forget',
    );
  });
});
