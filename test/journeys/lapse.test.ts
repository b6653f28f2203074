import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Feedback } from '../../models/feedback.ts';
import { PATIENT, startRunning, type Running } from '../support/running-service.ts';
import { conversationOf } from '../support/stored.ts';
import { until } from '../support/until.ts';

const DAY_MS = 86_400_000;

let running: Running;
let ahead = 0;
const began = Date.now();
beforeAll(async () => {
  running = await startRunning({ timings: PATIENT, now: () => new Date(began + ahead) });
});
afterAll(() => running.stop());

/** Says something two seconds after what was said last. */
async function say(number: string, text: string): Promise<string[]> {
  ahead += 2000;
  const resident = running.resident(number);
  resident.news();
  return resident.say(text);
}

async function itemIn(conversationId: string): Promise<Feedback | null> {
  return running.database.feedback.model.findOne({ conversationId }).lean<Feedback>();
}

describe('a silence of a day', () => {
  const number = '+447700900890';
  const neighbour = '+447700900891';

  test('keeps what was told as partial, to the second, and says nothing', async () => {
    await say(number, 'The nurse at Mile End Hospital was kind');
    await say(neighbour, 'My dentist was rude');
    await say(number, 'yes');
    const silentSince = ahead;
    await say(neighbour, 'yes');
    const told = await conversationOf(running, number, 'sms');
    const later = await conversationOf(running, neighbour, 'sms');
    const sent = running.double.ledger.messages.length;
    ahead = silentSince + DAY_MS;
    await running.another(); // sweeps as it starts
    await until(async () => (await itemIn(told._id))?.status === 'partial');
    expect(await itemIn(later._id)).toMatchObject({ status: 'open' });
    expect(running.double.ledger.messages).toHaveLength(sent);
    expect((await conversationOf(running, number, 'sms')).lapseAt).toBeUndefined();
  });

  test('is over when they write: the talk goes on at the question that stood, to the end', async () => {
    const [next] = await say(number, 'yes');
    expect(next).toContain('Which parts');
    for (const answer of ['nursing', 'good', 'nothing', 'no', 'no']) await say(number, answer);
    const { _id } = await conversationOf(running, number, 'sms');
    expect(await running.database.feedback.model.find({ conversationId: _id }).lean()).toMatchObject([
      { status: 'complete', service: { name: 'Mile End Hospital' }, rating: 4 },
    ]);
  });
});
