import { createConnection } from 'mongoose';
import type { TwilioDouble } from '../support/twilio-double/double.ts';
import { startDouble, startService, uriOf, type Place } from './bench-service.ts';
import type { Child } from './child.ts';
import { median, type Figure } from './figures.ts';
import { INTERVIEW, round } from './turns.ts';

/** Rows of one stored conversation. */
const THREAD = 20;
const BATCH = 2000;

/** Puts `count` settled messages of other people into a database: what a service has after a while. */
export async function fillMessages(place: Place, count: number, onProgress: (done: number) => void): Promise<void> {
  const connection = await createConnection(uriOf(place)).asPromise();
  const messages = connection.collection<Record<string, unknown>>('messages');
  for (let from = 0; from < count; from += BATCH) {
    const rows = Array.from({ length: Math.min(BATCH, count - from) }, (_, i) => storedRow(place.name, from + i));
    await messages.insertMany(rows, { ordered: false });
    onProgress(from + rows.length);
  }
  await connection.close();
}

function storedRow(salt: string, n: number): Record<string, unknown> {
  const thread = Math.floor(n / THREAD);
  const inbound = n % 2 === 0;
  const at = new Date(1_790_000_000_000 + n * 1000);
  return {
    _id: `${salt}-m${n}`,
    conversationId: `${salt}-c${thread}`,
    personId: `${salt}-p${thread}`,
    addressId: `a${thread}`,
    channel: 'sms',
    sender: '+442079460001',
    direction: inbound ? 'in' : 'out',
    providerId: `SM-${salt}-${n}`,
    text: 'We waited three hours in the corridor before anybody came.',
    order: at.getTime() * 1000,
    state: inbound ? 'handled' : 'delivered',
    createdAt: at,
    receivedAt: at,
    ...(inbound && { outcome: 'replied', media: [] }),
  };
}

/** Cost of a turn with many stored messages against the same with few: interviews on both, in turns. */
export async function turnsAtScale(places: { few: Place; many: Place }, people: number): Promise<Figure[]> {
  const double = await startDouble();
  const few = await startService(places.few, double, 'web,worker');
  const many = await startService(places.many, double, 'web,worker');
  const ratios: number[] = [];
  const seconds = { few: 0, many: 0 };
  for (const line of INTERVIEW) {
    const fewSeconds = await timed(few, double, people, line);
    const manySeconds = await timed(many, double, people, line);
    seconds.few += fewSeconds;
    seconds.many += manySeconds;
    ratios.push(manySeconds / fewSeconds);
  }
  await Promise.all([few.stop(), many.stop()]);
  await double.stop();
  const turns = people * INTERVIEW.length;
  return [
    { what: 'turn with 1,000 stored messages', value: (seconds.few / turns) * 1000, unit: 'ms' },
    { what: 'turn with 200,000 stored messages', value: (seconds.many / turns) * 1000, unit: 'ms' },
    { what: 'many ÷ few, median of the rounds', value: median(ratios), unit: '×', goal: { atMost: 1.2 } },
  ];
}

function timed(service: Child<string>, double: TwilioDouble, people: number, line: string): Promise<number> {
  return round(service.ready, double, people, line);
}
