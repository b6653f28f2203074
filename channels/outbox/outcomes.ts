import type { OutboundChange } from '../../models/messages/outbound.ts';
import type { OutboundRow } from '../../models/messages/schema.ts';
import type { SendFailure } from '../../models/vocabulary.ts';
import type { SendOutcome } from '../channel.ts';
import { backoff } from './backoff.ts';
import { PURPOSES } from './purposes.ts';
import type { Timings } from './timings.ts';

/** What decides beside row and outcome. `dedupes`, `canFind`: what the channel can do. */
export interface OutcomeFacts {
  now: Date;
  random: number;
  timings: Timings;
  dedupes: boolean;
  canFind: boolean;
  template?: string;
}

/**
 * What we do about a failure. `again`: back in the queue after a while. `as-template`: back at once, to leave as a template or
 * not at all. `when-unblocked`: back when the sender may work again. `fail`: that was it; `attention`: whether staff must see.
 */
export const FAILURES: Readonly<
  Record<
    SendFailure,
    { then: 'again' | 'as-template' | 'when-unblocked' | 'fail'; attention: 'always' | 'when-minded' }
  >
> = {
  busy: { then: 'again', attention: 'when-minded' },
  'provider-unreachable': { then: 'again', attention: 'when-minded' },
  'opted-out': { then: 'fail', attention: 'when-minded' },
  'address-unreachable': { then: 'fail', attention: 'when-minded' },
  'window-closed': { then: 'as-template', attention: 'always' },
  'sender-blocked': { then: 'when-unblocked', attention: 'when-minded' },
  'content-refused': { then: 'fail', attention: 'always' },
  'our-bug': { then: 'fail', attention: 'always' },
};

/** How often a message that the provider took and then failed goes back into the queue. */
const REOPENINGS = 3;

/** What becomes of a row after an attempt. Pure. */
export function afterOutcome(row: OutboundRow, outcome: SendOutcome, facts: OutcomeFacts): OutboundChange {
  switch (outcome.kind) {
    case 'accepted':
      return {
        state: 'accepted',
        providerId: outcome.providerId,
        ...(facts.template && { template: facts.template }),
      };
    case 'not-sent':
      return later(row, facts, Math.min(outcome.retryAfterMs ?? 0, facts.timings.retryAfterLongest));
    case 'refused':
      return afterFailure(row, outcome.failure, outcome.code, facts);
    case 'unknown':
      return unknownFate(row, outcome.detail, facts);
  }
}

/** What becomes of a row that did not get through, told at once or by a receipt. Pure. */
export function afterFailure(
  row: OutboundRow,
  failure: SendFailure | undefined,
  code: string | undefined,
  facts: OutcomeFacts,
): Extract<OutboundChange, { state: 'queued' | 'failed' }> {
  return (failure && another(row, FAILURES[failure].then, facts)) ?? failed(row, failure, code);
}

/** Another chance in the queue, where the failure leaves one. */
function another(
  row: OutboundRow,
  then: (typeof FAILURES)[SendFailure]['then'],
  facts: OutcomeFacts,
): Extract<OutboundChange, { state: 'queued' }> | undefined {
  if (then === 'fail') return undefined;
  if (then === 'as-template')
    return row.windowClosed ? undefined : { state: 'queued', dueAt: facts.now, windowClosed: true };
  if ((row.spent?.length ?? 0) >= REOPENINGS) return undefined;
  return later(row, facts, then === 'when-unblocked' ? facts.timings.breakerFirst : 0);
}

function failed(
  row: OutboundRow,
  failure: SendFailure | undefined,
  code: string | undefined,
): Extract<OutboundChange, { state: 'failed' }> {
  const always = failure !== undefined && FAILURES[failure].attention === 'always';
  const attention = always || PURPOSES[row.purpose].minded;
  return {
    state: 'failed',
    ...(failure ? { failure } : { detail: 'provider-gave-no-reason' }),
    ...(code && { failureCode: code }),
    ...(attention && { attention }),
  };
}

/** It may or may not have gone out: look, then decide; simply again where that does no harm. */
export function unknownFate(
  row: OutboundRow,
  detail: string,
  { now, random, timings, dedupes, canFind, template }: OutcomeFacts,
): Extract<OutboundChange, { state: 'queued' | 'unknown' }> {
  if (dedupes) {
    const wait = backoff(row.attempts, timings.retryFirst, timings.retryLongest, random);
    return { state: 'queued', dueAt: new Date(now.getTime() + wait), detail };
  }
  const since = (row.attemptedAt ?? now).getTime();
  const dueAt = new Date(since + (canFind ? timings.findAfter : timings.decideAfter));
  return { state: 'unknown', dueAt, detail, ...(template && { template }) };
}

/** The end of a fate nobody could find out: one repeat where policy allows, else staff see it. */
export function decideFate(row: OutboundRow, now: Date): Extract<OutboundChange, { state: 'queued' | 'failed' }> {
  if (PURPOSES[row.purpose].repeatable && !row.repeated) return { state: 'queued', dueAt: now, repeated: true };
  return { state: 'failed', detail: 'fate-unknown', attention: true };
}

function later(
  row: OutboundRow,
  { now, random, timings }: OutcomeFacts,
  atLeast: number,
): Extract<OutboundChange, { state: 'queued' }> {
  const wait = backoff(row.attempts, timings.retryFirst, timings.retryLongest, random, atLeast);
  return { state: 'queued', dueAt: new Date(now.getTime() + wait) };
}
