import { describe, expect, test } from '@jest/globals';
import { backoff } from '../../../channels/outbox/backoff.ts';
import { afterOutcome, decideFate, FAILURES, type OutcomeFacts } from '../../../channels/outbox/outcomes.ts';
import { PURPOSES } from '../../../channels/outbox/purposes.ts';
import { DEFAULT_TIMINGS } from '../../../channels/outbox/timings.ts';
import type { SendOutcome } from '../../../channels/channel.ts';
import type { OutboundRow } from '../../../models/messages/schema.ts';
import type { Purpose } from '../../../models/vocabulary.ts';

const NOW = new Date('2026-01-14T12:00:00Z');
const inMs = (ms: number): Date => new Date(NOW.getTime() + ms);

const row = (set: Partial<OutboundRow> = {}): OutboundRow => ({
  _id: 'm',
  conversationId: 'c',
  personId: 'p',
  addressId: 'a',
  channel: 'sms',
  sender: 's',
  direction: 'out',
  purpose: 'reply',
  text: '',
  order: 1,
  state: 'leased',
  priority: 3,
  attempts: 1,
  fence: 1,
  dueAt: NOW,
  attemptedAt: NOW,
  createdAt: NOW,
  ...set,
});

const facts: OutcomeFacts = {
  now: NOW,
  random: 0.5,
  timings: DEFAULT_TIMINGS,
  dedupes: false,
  canFind: true,
};

test.each<[label: string, outcome: SendOutcome, row: Partial<OutboundRow>, expected: object]>([
  ['accepted', { kind: 'accepted', providerId: 'SM1' }, {}, { state: 'accepted', providerId: 'SM1' }],
  ['first not-sent', { kind: 'not-sent', failure: 'busy' }, {}, { state: 'queued', dueAt: inMs(750) }],
  ['fifth not-sent', { kind: 'not-sent', failure: 'busy' }, { attempts: 5 }, { state: 'queued', dueAt: inMs(12_000) }],
  [
    'Retry-After',
    { kind: 'not-sent', failure: 'busy', retryAfterMs: 7000 },
    {},
    { state: 'queued', dueAt: inMs(7500) },
  ],
  [
    'an absurd Retry-After',
    { kind: 'not-sent', failure: 'busy', retryAfterMs: 1e12 },
    {},
    { state: 'queued', dueAt: inMs(3_600_500) },
  ],
  ['unknown', { kind: 'unknown', detail: 'reset' }, {}, { state: 'unknown', dueAt: inMs(45_000), detail: 'reset' }],
  [
    'a refused template is not tried again',
    { kind: 'refused', failure: 'window-closed' },
    { windowClosed: true },
    { state: 'failed', failure: 'window-closed', attention: true },
  ],
])('%s', (_label, outcome, set, expected) => {
  expect(afterOutcome(row(set), outcome, facts)).toEqual(expected);
});

test('without records to look in, the decision waits for two minutes', () => {
  const change = afterOutcome(row(), { kind: 'unknown', detail: 'x' }, { ...facts, canFind: false });
  expect(change).toMatchObject({ state: 'unknown', dueAt: inMs(120_000) });
});

test.each(Object.keys(FAILURES))('%s: a message staff mind never fails unseen', (failure) => {
  const outcome = { kind: 'refused', failure } as SendOutcome;
  for (const purpose of ['staff', 'safeguarding'] as const) {
    const change = afterOutcome(row({ purpose }), outcome, facts);
    expect(change.state === 'queued' || ('attention' in change && change.attention)).toBe(true);
  }
});

describe('what becomes of a fate nobody found out', () => {
  test.each<[Purpose, string]>([
    ['opt-out-ack', 'failed'],
    ['safeguarding', 'failed'],
    ['staff', 'failed'],
    ['reply', 'queued'],
    ['follow-up', 'failed'],
  ])('%s: %s', (purpose, state) => {
    expect(decideFate(row({ purpose }), NOW).state).toBe(state);
    expect(decideFate(row({ purpose, repeated: true }), NOW).state).toBe('failed');
  });
});

test('purposes: every one has its own priority, and only answers may be repeated', () => {
  const priorities = Object.values(PURPOSES).map(({ priority }) => priority);
  expect(priorities).toEqual([0, 1, 2, 3, 4]);
  const repeatable = Object.entries(PURPOSES).filter(([, rules]) => rules.repeatable);
  expect(repeatable.map(([purpose]) => purpose)).toEqual(['reply']);
  expect(repeatable.every(([, rules]) => !rules.proactive)).toBe(true);
});

test('back-off grows to its longest and is never nothing', () => {
  const waits = Array.from({ length: 60 }, (_, i) => backoff(i + 1, 1000, 300_000, 0));
  expect(waits[0]).toBe(500);
  expect(Math.max(...waits)).toBe(150_000);
  expect(waits.every((wait, i) => i === 0 || wait >= (waits[i - 1] ?? 0))).toBe(true);
  expect(backoff(1, 1000, 300_000, 0, 5000)).toBeGreaterThanOrEqual(5000);
});
