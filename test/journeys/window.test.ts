import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { PATIENT, startRunning, type Running } from '../support/running-service.ts';
import { conversationOf, queue } from '../support/stored.ts';

/** WhatsApp takes free text for 24 hours after a person last wrote; we stop two minutes earlier (spec: channels.md). */
const CLOSES_AFTER_MS = 24 * 3_600_000 - 120_000;
const SECOND = 1000;
const TEMPLATE = `HX${'ab'.repeat(16)}`;

/** A clock that stands until it is moved: to the second is to the second. */
let at = Date.UTC(2026, 10, 23, 10);
const now = (): Date => new Date(at);

let running: Running;
beforeAll(async () => {
  running = await startRunning({
    timings: PATIENT,
    now,
    prepare: ({ settings }) =>
      settings.set('templates', { staff: { eng: { id: TEMPLATE, variables: { 1: 'Healthwatch' } } } }, now()),
  });
  const types = { 'twilio/text': { body: 'Hello from {{1}}. We have news for you.' } };
  running.double.ledger.contents.set(TEMPLATE, { sid: TEMPLATE, friendlyName: 'news', types });
});
afterAll(() => running.stop());

interface Asked {
  number: string;
  channel: 'sms' | 'whatsapp';
  purpose: 'staff' | 'follow-up';
  afterMs: number;
  language?: string;
}

/** They write, time passes, we write; what became of it, and what reached the phone. */
async function afterSilence({
  number,
  channel,
  purpose,
  afterMs,
  language,
}: Asked): Promise<{ end: unknown; got: string[] }> {
  const resident = running.resident(number, channel);
  await resident.say('hello');
  const conversation = await conversationOf(running, number, channel);
  at += afterMs;
  const dueAt = new Date(at - SECOND);
  const text = 'Thank you for waiting';
  const id = await queue(running, conversation, { purpose, text, dueAt, language: language ?? 'eng' });
  await running.settled();
  const row = await running.database.outbound.get(id);
  return { end: row?.dropReason ?? row?.detail ?? row?.template ?? row?.state, got: resident.news() };
}

describe('the 24-hour window', () => {
  test.each<[string, Asked, unknown, string[]]>([
    [
      'one second before it closes: as written',
      { number: '+447700900850', channel: 'whatsapp', purpose: 'staff', afterMs: CLOSES_AFTER_MS - SECOND },
      'accepted',
      ['Thank you for waiting'],
    ],
    [
      'the second it closes: as the approved template',
      { number: '+447700900851', channel: 'whatsapp', purpose: 'staff', afterMs: CLOSES_AFTER_MS },
      TEMPLATE,
      ['Hello from Healthwatch. We have news for you.'],
    ],
    [
      'closed, no template in their language, from staff: held for staff',
      { number: '+447700900852', channel: 'whatsapp', purpose: 'staff', afterMs: CLOSES_AFTER_MS, language: 'ben' },
      'window-closed',
      [],
    ],
    [
      'closed, no template, a reminder: not sent',
      { number: '+447700900853', channel: 'whatsapp', purpose: 'follow-up', afterMs: CLOSES_AFTER_MS },
      'window-closed',
      [],
    ],
    [
      'SMS has no window',
      { number: '+447700900854', channel: 'sms', purpose: 'staff', afterMs: 30 * 3_600_000 },
      'accepted',
      ['Thank you for waiting'],
    ],
  ])('%s', async (_label, asked, end, got) => {
    expect(await afterSilence(asked)).toEqual({ end, got });
  });

  test('opens again when they write', async () => {
    const number = '+447700900852';
    const resident = running.resident(number, 'whatsapp');
    await resident.say('hello');
    resident.news();
    const conversation = await conversationOf(running, number, 'whatsapp');
    const id = await queue(running, conversation, {
      purpose: 'staff',
      text: 'Here we are',
      dueAt: new Date(at - SECOND),
    });
    await running.settled();
    expect(await running.database.outbound.get(id)).toMatchObject({ state: 'accepted' });
    expect(resident.news()).toEqual(['Here we are']);
  });

  test('a provider that says it is closed is believed: the template leaves instead', async () => {
    const number = '+447700900855';
    const resident = running.resident(number, 'whatsapp');
    await resident.say('hello');
    const conversation = await conversationOf(running, number, 'whatsapp');
    running.double.faults.next('create', { kind: 'error-before', status: 400, code: 63016 });
    await queue(running, conversation, {
      purpose: 'staff',
      text: 'News',
      dueAt: new Date(at - SECOND),
      language: 'eng',
    });
    at += SECOND;
    await running.settled();
    expect(resident.news()).toEqual(['Hello from Healthwatch. We have news for you.']);
  });
});
