import { expect, test } from '@jest/globals';
import { nextRow } from '../../../channels/outbox/next-row.ts';
import { priorityOf } from '../../../channels/outbox/purposes.ts';
import type { OutboundRow } from '../../../models/messages/schema.ts';
import type { OutboundState, Purpose } from '../../../models/vocabulary.ts';

const NOW = new Date('2026-01-14T12:00:00Z');

type Short = [purpose: Purpose, state?: OutboundState, dueInMs?: number];

function rows(short: Short[]): OutboundRow[] {
  return short.map(([purpose, state = 'queued', dueInMs = 0], i) => ({
    _id: String(i),
    conversationId: 'c',
    personId: 'p',
    addressId: 'a',
    channel: 'sms',
    sender: 's',
    direction: 'out',
    purpose,
    text: '',
    order: i,
    state,
    priority: priorityOf(purpose),
    attempts: 0,
    fence: 0,
    dueAt: new Date(NOW.getTime() + dueInMs),
    createdAt: NOW,
  }));
}

test.each<[label: string, rows: Short[], next: string | undefined]>([
  ['nothing', [], undefined],
  ['the first of equals', [['reply'], ['reply']], '0'],
  ['not before it is due', [['reply', 'queued', 1]], undefined],
  ['a later one waits for an earlier retry', [['reply', 'queued', 1], ['reply']], undefined],
  ['behind one being sent', [['reply', 'leased'], ['reply']], undefined],
  ['behind one of unknown fate', [['reply', 'unknown'], ['staff']], undefined],
  ['staff does not overtake an earlier reply', [['reply'], ['staff']], '0'],
  ['safeguarding overtakes what is queued', [['reply'], ['safeguarding']], '1'],
  ['safeguarding overtakes what is unknown', [['reply', 'unknown'], ['safeguarding']], '1'],
  ['safeguarding keeps its own order', [['safeguarding', 'unknown'], ['safeguarding']], undefined],
  ['acknowledgement before safeguarding', [['safeguarding'], ['opt-out-ack']], '1'],
  ['a reply passes a follow-up nobody has begun', [['follow-up', 'queued', 9_000_000], ['reply']], '1'],
  ['a reply waits for a follow-up being sent', [['follow-up', 'leased'], ['reply']], undefined],
  ['a follow-up passes nothing', [['reply', 'queued', 1], ['follow-up']], undefined],
  ['a follow-up waits for a follow-up', [['follow-up', 'queued', 1], ['follow-up']], undefined],
])('%s', (_label, short, next) => {
  expect(nextRow(rows(short), NOW)?._id).toBe(next);
});

test('beside a busy line only what overtakes', () => {
  expect(nextRow(rows([['staff']]), NOW, true)).toBeUndefined();
  expect(nextRow(rows([['staff'], ['safeguarding']]), NOW, true)?._id).toBe('1');
});
