import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { createAccept, type Accept, type Screen } from '../../bot/accept.ts';
import { createOrder } from '../../models/order.ts';
import type { Person } from '../../models/people.ts';
import { freshDatabase } from '../support/database.ts';
import { inboundMessage } from '../support/inbound.ts';

let database: Awaited<ReturnType<typeof freshDatabase>>;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(async () => {
  await database.drop();
});

const now = (): Date => new Date();
const order = createOrder(now);

/** The person behind an address; fails the test when there is none. */
async function personBehind(channel: string, address: string): Promise<Person> {
  const person = await database.people.findByAddress(channel, address);
  if (!person) throw new Error('no such person');
  return person;
}

function acceptWith(screens: readonly Screen[] = [], stored: string[] = []): Accept {
  return createAccept({
    ...database,
    screens,
    order,
    now,
    log: pino({ level: 'silent' }),
    stored: (id) => stored.push(id),
  });
}

describe('accept', () => {
  test('200 deliveries of one message at once store one message, and one worker is woken', async () => {
    const stored: string[] = [];
    const accept = acceptWith([], stored);
    const message = inboundMessage({ address: '+447700900010' });
    const results = await Promise.all(Array.from({ length: 200 }, () => accept(message)));
    expect(results.filter((result) => result === 'accepted')).toHaveLength(1);
    expect(await database.inbound.model.countDocuments({ providerId: message.providerId })).toBe(1);
    expect(stored).toHaveLength(1);
  });

  test('two first messages of one person at once make one person and one conversation', async () => {
    const accept = acceptWith();
    const address = '+447700900011';
    await Promise.all(Array.from({ length: 20 }, () => accept(inboundMessage({ address }))));
    const person = await personBehind('sms', address);
    expect(await database.people.model.countDocuments({ 'addresses.id': person.addresses[0]?.id ?? '' })).toBe(1);
    expect(await database.inbound.model.distinct('conversationId', { personId: person._id })).toHaveLength(1);
  });

  test('a number is one person on SMS and WhatsApp, in two conversations', async () => {
    const accept = acceptWith();
    const address = '+447700900012';
    await accept(inboundMessage({ address }));
    await accept(inboundMessage({ address, channel: 'whatsapp' }));
    const person = await personBehind('whatsapp', address);
    expect(await database.inbound.model.distinct('conversationId', { personId: person._id })).toHaveLength(2);
    expect(person.addresses).toHaveLength(1);
  });

  test('a business-scoped id given beside a number leads to the same person when it comes alone', async () => {
    const accept = acceptWith();
    await accept(inboundMessage({ channel: 'whatsapp', address: '+447700900013', aliases: ['GB.2081234567'] }));
    await accept(inboundMessage({ channel: 'whatsapp', address: 'GB.2081234567' }));
    const byNumber = await personBehind('whatsapp', '+447700900013');
    const byId = await personBehind('whatsapp', 'GB.2081234567');
    expect(byId._id).toBe(byNumber._id);
    expect(await database.inbound.model.distinct('conversationId', { personId: byId._id })).toHaveLength(1);
  });

  test('the address is nowhere in what is stored', async () => {
    await acceptWith()(inboundMessage({ address: '+447700900014', aliases: ['GB.99887766'] }));
    const everything = JSON.stringify([
      await database.people.model.find().lean(),
      await database.inbound.model.find().lean(),
    ]);
    expect(everything).not.toMatch(/7700900014|GB\.99887766/);
  });

  test('what a screen finds is stored as an escalation before the answer, and the bot falls silent', async () => {
    const message = inboundMessage({ address: '+447700900015' });
    await acceptWith([
      () => null,
      () => ({ urgency: 'P1', reason: 'test' }),
      () => ({ urgency: 'P2', reason: 'less' }),
    ])(message);
    const row = await database.inbound.model.findOne({ providerId: message.providerId }).lean();
    expect(await database.escalations.model.find({ messageId: row?._id ?? '' }).lean()).toMatchObject([
      { urgency: 'P1', reason: 'test', state: 'waiting' },
    ]);
    expect(await database.conversations.get(row?.conversationId ?? '')).toMatchObject({ holder: 'waiting' });
  });

  test('a screen that fails makes the message unscreened, never safe', async () => {
    const message = inboundMessage({ address: '+447700900016' });
    const broken: Screen = () => {
      throw new Error('broken');
    };
    expect(await acceptWith([broken])(message)).toBe('accepted');
    const row = await database.inbound.model.findOne({ providerId: message.providerId }).lean();
    expect(await database.escalations.model.findOne({ messageId: row?._id ?? '' }).lean()).toMatchObject({
      urgency: 'U',
    });
  });

  test('a crash between storing and escalating is made good by the second delivery', async () => {
    const message = inboundMessage({ address: '+447700900017' });
    await acceptWith()(message);
    expect(await acceptWith([() => ({ urgency: 'P0', reason: 'test' })])(message)).toBe('duplicate');
    const row = await database.inbound.model.findOne({ providerId: message.providerId }).lean();
    expect(await database.escalations.model.countDocuments({ messageId: row?._id ?? '' })).toBe(1);
  });

  test.each([
    ['emoji and Bengali', 'নার্স 👩🏽‍⚕️ ভালো ছিল 🙏'],
    ['nothing', ''],
    ['operators of the database', '{"$gt":""} $where __proto__'],
    ['4,096 characters of four bytes', '𝒜'.repeat(2048)],
  ])('hostile or unusual text is stored as it came: %s', async (_label, text) => {
    const message = inboundMessage({ address: '+447700900018', text });
    await acceptWith()(message);
    expect(await database.inbound.model.findOne({ providerId: message.providerId }).lean()).toMatchObject({
      text,
      state: 'received',
      queue: 'inbox',
    });
  });
});
