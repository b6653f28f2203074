import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Service } from '../../bot/service.ts';
import type { MessageRow, OutboundRow } from '../../models/messages/schema.ts';
import {
  AUTH_TOKEN,
  PATIENT,
  SMS_SENDER,
  startRunning,
  WHATSAPP_SENDER,
  type Running,
} from '../support/running-service.ts';
import { deliverInbound, type Delivery, type InboundPost } from '../support/twilio-double/inbound.ts';

let running: Running;
let second: Service;
beforeAll(async () => {
  running = await startRunning({ timings: PATIENT });
  second = await running.another();
});
afterAll(() => running.stop());

/** Delivers to one of the two services on the one database. */
function deliver(post: InboundPost, to: Service): Promise<Delivery> {
  const { options, ledger, url: origin } = running.double;
  const { accountSid, publicUrl } = options;
  const target = { accountSid, publicUrl, authToken: AUTH_TOKEN, ledger, origin, retryDelayMs: 10, deliverTo: to.url };
  return deliverInbound(target, post);
}

const services = (): [Service, Service] => [running.service, second];

describe('two services on one database', () => {
  test('200 deliveries of one message at once are one message, one turn and one answer', async () => {
    const from = '+447700900300';
    const sid = running.double.ledger.sid('SM');
    const post = { from, to: SMS_SENDER, body: 'The nurse was kind but we waited three hours', sid };
    const deliveries = await Promise.all(
      Array.from({ length: 200 }, (_, i) => deliver(post, i % 2 === 0 ? running.service : second)),
    );
    expect(new Set(deliveries.flatMap(({ answers }) => answers))).toEqual(new Set([200]));
    await running.settled();
    const rows = await running.database.inbound.model.find({ providerId: sid }).lean<MessageRow[]>();
    expect(rows).toMatchObject([{ state: 'handled', outcome: 'replied' }]);
    const answers = running.double.ledger.messages.filter(({ to }) => to === from);
    const queued = await running.database.outbound.model.find({ answers: rows[0]?._id ?? '' }).lean<MessageRow[]>();
    expect(answers.map(({ ref }) => ref)).toEqual(queued.map(({ _id }) => _id));
    expect(answers).toHaveLength(1);
  });

  test('50 people writing at once are each answered in order, and to the end of what they were asked', async () => {
    const people = Array.from({ length: 50 }, (_, i) => `whatsapp:+4477009004${String(i).padStart(2, '0')}`);
    const story = (i: number): string => `The doctor listened to me for ${i} minutes`;
    const lines = [(): string => 'hello', (): string => 'yes', story];
    const to = `whatsapp:${WHATSAPP_SENDER}`;
    for (const [n, line] of lines.entries()) {
      const written = people.map((from, i) =>
        deliver({ from, to, body: line(i) }, services()[(i + n) % 2 === 0 ? 0 : 1]),
      );
      await Promise.all(written);
      await running.settled();
    }
    const { people: known, feedback } = running.database;
    for (const [i, from] of people.entries()) {
      const person = await known.findByAddress('whatsapp', from.slice('whatsapp:'.length));
      const items = await feedback.model.find({ personId: person?._id ?? '' }).lean();
      expect(items).toMatchObject([{ story: { text: story(i) } }]);
    }
  }, 60_000);

  test('three messages of one breath to both services are one story in the order they came', async () => {
    const from = '+447700900301';
    const parts = ['I went to the dentist', 'it took weeks', 'but he was gentle'];
    for (const [i, body] of parts.entries())
      await deliver({ from, to: SMS_SENDER, body }, services()[i % 2 === 0 ? 0 : 1]);
    await running.settled();
    await deliver({ from, to: SMS_SENDER, body: 'yes' }, second);
    await running.settled();
    const person = await running.database.people.findByAddress('sms', from);
    const item = await running.database.feedback.model.findOne({ personId: String(person?._id) }).lean();
    expect(item?.story?.text.split(/\n+/)).toEqual(parts);
  });

  test('what left in a conversation left in the order of its rows, and once', async () => {
    const left = running.double.ledger.messages;
    const rows = await running.database.outbound.model
      .find({ direction: 'out' })
      .sort({ order: 1 })
      .batchSize(1000)
      .lean<OutboundRow[]>();
    const place = new Map(left.map(({ ref }, i) => [ref, i]));
    for (const id of new Set(rows.map(({ conversationId }) => conversationId))) {
      const places = rows.filter(({ conversationId }) => conversationId === id).map(({ _id }) => place.get(_id) ?? -1);
      expect(places).toEqual([...places].sort((a, b) => a - b));
    }
    expect(rows.filter(({ state }) => state !== 'accepted')).toEqual([]);
    expect(left).toHaveLength(rows.length);
    expect(new Set(Object.values(running.double.ledger.countByRef()))).toEqual(new Set([1]));
  });
});
