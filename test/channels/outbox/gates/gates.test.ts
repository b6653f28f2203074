import { describe, expect, test } from '@jest/globals';
import { readdirSync } from 'node:fs';
import type { Gate, GateFacts, Verdict } from '../../../../channels/outbox/gates/gate.ts';
import { GATES, passGates } from '../../../../channels/outbox/gates/registry.ts';
import { priorityOf } from '../../../../channels/outbox/purposes.ts';
import type { Conversation } from '../../../../models/conversations.ts';
import type { OutboundRow } from '../../../../models/messages/schema.ts';
import type { Person } from '../../../../models/people.ts';
import type { ChannelPolicy } from '../../../../channels/channel.ts';

const NOON = new Date('2026-01-14T12:00:00Z');
const at = (ms: number): Date => new Date(NOON.getTime() + ms);
const SECOND = 1000;
const HOUR = 3_600_000;

interface Change {
  row?: Partial<OutboundRow>;
  conversation?: Partial<Conversation> | null;
  person?: Partial<Person> | null;
  policy?: Partial<ChannelPolicy>;
  rest?: Partial<GateFacts>;
}

function facts({ row, conversation, person, policy, rest }: Change): GateFacts {
  const purpose = row?.purpose ?? 'reply';
  return {
    row: {
      _id: 'm1',
      conversationId: 'c1',
      personId: 'p1',
      addressId: 'a1',
      channel: 'sms',
      sender: '+442079460100',
      direction: 'out',
      purpose,
      text: 'hello',
      order: 1,
      queue: 'outbox',
      state: 'leased',
      priority: priorityOf(purpose),
      attempts: 1,
      fence: 1,
      dueAt: NOON,
      createdAt: NOON,
      answersReceivedAt: at(-10 * SECOND),
      ...row,
    },
    conversation:
      conversation === null
        ? null
        : {
            _id: 'c1',
            personId: 'p1',
            addressId: 'a1',
            channel: 'sms',
            sender: '+442079460100',
            holder: 'bot',
            state: null,
            version: 1,
            handled: [],
            fence: 1,
            createdAt: NOON,
            lastInboundAt: at(-10 * SECOND),
            ...conversation,
          },
    person:
      person === null
        ? null
        : {
            _id: 'p1',
            addresses: [{ id: 'a1', channel: 'sms', hash: 'h', sealed: { keyId: 'k', box: '' } }],
            consents: {},
            createdAt: NOON,
            ...person,
          },
    latestOptOut: null,
    policy: { windowHours: null, optOutConfirmedByProvider: false, short: true, perSecond: 1, ...policy },
    template: undefined,
    now: NOON,
    ...rest,
  };
}

const drop = (reason: string): object => ({ kind: 'drop', reason });
const send = { kind: 'send' };
const ledger = (channel: string): GateFacts['latestOptOut'] => ({
  _id: 'o',
  addressHash: 'h',
  channel,
  action: 'out',
  by: 'resident',
  at: at(-HOUR),
});
const window = { windowHours: 24 };
const wroteAgo = (ms: number): Partial<Conversation> => ({ lastInboundAt: at(-ms) });
const edge = 24 * HOUR - 120 * SECOND;
const template = { id: 'HX', variables: {} };

/** Cases of every gate, by its name: the walk below fails for a gate without. */
const CASES: Record<string, [label: string, change: Change, verdict: object][]> = {
  erased: [
    ['person and conversation there', {}, send],
    ['conversation gone', { conversation: null }, drop('erased')],
    ['person gone', { person: null }, drop('erased')],
    ['address gone', { row: { addressId: 'a2' } }, drop('erased')],
    ['the farewell before erasure', { person: { eraseAt: NOON } }, send],
    ['a follow-up before erasure', { row: { purpose: 'follow-up' }, person: { eraseAt: NOON } }, drop('erased')],
  ],
  expired: [
    ['fresh', {}, send],
    ['a second before', { row: { expiresAt: at(SECOND) } }, send],
    ['on the second', { row: { expiresAt: NOON } }, drop('expired')],
    ['a reply a day old', { row: { createdAt: at(-24 * HOUR) } }, drop('expired')],
    ['a reply almost a day old', { row: { createdAt: at(-24 * HOUR + SECOND) } }, send],
    ['a staff message a day old', { row: { purpose: 'staff', createdAt: at(-24 * HOUR) } }, send],
  ],
  'opted-out': [
    ['never opted out', {}, send],
    ['reply, STOP after the message it answers', { person: { optedOutAt: at(-5 * SECOND) } }, drop('opted-out')],
    ['reply, STOP long before the message it answers', { person: { optedOutAt: at(-HOUR) } }, send],
    [
      'reply, STOP before, but the provider blocks this channel',
      {
        person: { optedOutAt: at(-HOUR) },
        policy: { optOutConfirmedByProvider: true },
        rest: { latestOptOut: ledger('sms') },
      },
      drop('opted-out'),
    ],
    [
      'reply, STOP before on another channel, which the provider blocks there',
      {
        person: { optedOutAt: at(-HOUR) },
        policy: { optOutConfirmedByProvider: true },
        rest: { latestOptOut: ledger('whatsapp') },
      },
      send,
    ],
    ['acknowledgement', { row: { purpose: 'opt-out-ack' }, person: { optedOutAt: NOON } }, send],
    ['safeguarding', { row: { purpose: 'safeguarding' }, person: { optedOutAt: NOON } }, send],
    [
      'staff, written before STOP',
      { row: { purpose: 'staff', answersReceivedAt: at(-HOUR) }, person: { optedOutAt: at(-SECOND) } },
      drop('opted-out'),
    ],
    ['staff, written knowing of STOP', { row: { purpose: 'staff' }, person: { optedOutAt: at(-HOUR) } }, send],
    ['follow-up', { row: { purpose: 'follow-up' }, person: { optedOutAt: at(-HOUR) } }, drop('opted-out')],
    [
      'follow-up to who came back after erasure',
      { row: { purpose: 'follow-up' }, rest: { latestOptOut: ledger('sms') } },
      drop('opted-out'),
    ],
    ['reply to who came back after erasure', { rest: { latestOptOut: ledger('sms') } }, send],
  ],
  'person-holds': [
    ['the bot holds', {}, send],
    ['reply while a person is awaited', { conversation: { holder: 'waiting' } }, drop('person-holds')],
    ['reply while a person holds', { conversation: { holder: 'staff' } }, drop('person-holds')],
    ['the notice of the hand-over', { row: { handover: true }, conversation: { holder: 'waiting' } }, send],
    [
      'follow-up while a person holds',
      { row: { purpose: 'follow-up' }, conversation: { holder: 'staff' } },
      drop('person-holds'),
    ],
    ['staff while a person holds', { row: { purpose: 'staff' }, conversation: { holder: 'staff' } }, send],
    ['safeguarding while awaited', { row: { purpose: 'safeguarding' }, conversation: { holder: 'waiting' } }, send],
    ['acknowledgement while held', { row: { purpose: 'opt-out-ack' }, conversation: { holder: 'staff' } }, send],
  ],
  'address-unreachable': [
    ['reachable', { row: { purpose: 'follow-up' } }, send],
    [
      'follow-up to where nobody is',
      { row: { purpose: 'follow-up' }, person: unreachable() },
      drop('address-unreachable'),
    ],
    ['reply to where nobody was', { person: unreachable() }, send],
  ],
  window: [
    ['a channel without a window', { conversation: wroteAgo(90 * 24 * HOUR) }, send],
    ['a second inside the guard', { policy: window, conversation: wroteAgo(edge - SECOND) }, send],
    ['on the second of the guard', { policy: window, conversation: wroteAgo(edge) }, drop('window-closed')],
    [
      'after it, follow-up',
      { policy: window, conversation: wroteAgo(edge), row: { purpose: 'follow-up' } },
      drop('window-closed'),
    ],
    [
      'after it, with a template',
      { policy: window, conversation: wroteAgo(edge), rest: { template } },
      { kind: 'template', template },
    ],
    [
      'after it, staff',
      { policy: window, conversation: wroteAgo(edge), row: { purpose: 'staff' } },
      { kind: 'hold', detail: 'window-closed' },
    ],
    [
      'after it, safeguarding',
      { policy: window, conversation: wroteAgo(edge), row: { purpose: 'safeguarding' } },
      { kind: 'hold', detail: 'window-closed' },
    ],
    ['never written to us', { policy: window, conversation: { lastInboundAt: new Date(0) } }, drop('window-closed')],
    ['inside it, the provider says otherwise', { policy: window, row: { windowClosed: true } }, drop('window-closed')],
    ['inside it, a template is not needed', { policy: window, rest: { template } }, send],
  ],
  'quiet-hours': [
    ['reply at night', { rest: { now: new Date('2026-01-14T23:00:00Z') } }, send],
    ['winter, 20:59:59', follow('2026-01-14T20:59:59Z'), send],
    ['winter, 21:00', follow('2026-01-14T21:00:00Z'), until('2026-01-15T08:00:00Z')],
    ['winter, 07:59:59', follow('2026-01-14T07:59:59Z'), until('2026-01-14T08:00:00Z')],
    ['winter, 08:00', follow('2026-01-14T08:00:00Z'), send],
    ['summer, 20:59 London', follow('2026-07-14T19:59:00Z'), send],
    ['summer, 21:00 London', follow('2026-07-14T20:00:00Z'), until('2026-07-15T07:00:00Z')],
    ['summer, after midnight', follow('2026-07-15T00:30:00Z'), until('2026-07-15T07:00:00Z')],
    ['the night the clocks go forward', follow('2026-03-28T22:00:00Z'), until('2026-03-29T07:00:00Z')],
    ['the night the clocks go back', follow('2026-10-24T21:00:00Z'), until('2026-10-25T08:00:00Z')],
    ['new year’s eve', follow('2026-12-31T23:00:00Z'), until('2027-01-01T08:00:00Z')],
  ],
};

function unreachable(): Partial<Person> {
  const sealed = { keyId: 'k', box: '' };
  return { addresses: [{ id: 'a1', channel: 'sms', hash: 'h', sealed, unreachableAt: NOON }] };
}

function follow(now: string): Change {
  return { row: { purpose: 'follow-up' }, rest: { now: new Date(now) } };
}

function until(dueAt: string): Verdict {
  return { kind: 'later', dueAt: new Date(dueAt) };
}

test('every gate in the folder is registered, and every registered gate has cases', () => {
  const files = readdirSync(new URL('../../../../channels/outbox/gates/', import.meta.url));
  const gates = files.filter((file) => !['gate.ts', 'registry.ts'].includes(file)).map((file) => file.slice(0, -3));
  expect(GATES.map(({ name }) => name).sort()).toEqual(gates.sort());
  expect(Object.keys(CASES).sort()).toEqual(gates.sort());
});

describe.each(GATES.map((gate): [string, Gate] => [gate.name, gate]))('%s', (name, gate) => {
  test.each(CASES[name] ?? [])('%s', (_label, change, verdict) => {
    expect(gate.check(facts(change))).toEqual(verdict);
  });
});

describe('all gates together', () => {
  test('a template does not get past a later gate', () => {
    const closed: Change = { policy: window, conversation: wroteAgo(edge), row: { purpose: 'follow-up' } };
    const night = { ...closed, rest: { template, now: new Date('2026-01-14T23:00:00Z') } };
    expect(passGates(GATES, facts(night)).kind).toBe('later');
    expect(passGates(GATES, facts({ ...closed, rest: { template } }))).toEqual({ kind: 'template', template });
  });

  test('one more line suppresses what it names', () => {
    const flagged: Gate = {
      name: 'flagged',
      check: ({ row }) => (row.purpose === 'follow-up' ? { kind: 'drop', reason: 'superseded' } : { kind: 'send' }),
    };
    expect(passGates([...GATES, flagged], facts({ row: { purpose: 'follow-up' } }))).toEqual(drop('superseded'));
    expect(passGates([...GATES, flagged], facts({}))).toEqual(send);
  });
});
