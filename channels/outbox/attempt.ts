import type { OutboundChange } from '../../models/messages/outbound.ts';
import type { OutboundRow } from '../../models/messages/schema.ts';
import type { Person } from '../../models/people.ts';
import type { Channel, OutgoingMessage, SendOutcome } from '../channel.ts';
import { backoff } from './backoff.ts';
import { drawConsequences } from './consequences.ts';
import { FactReader, toMessage } from './facts.ts';
import type { Template, Verdict } from './gates/gate.ts';
import { passGates } from './gates/registry.ts';
import { afterOutcome } from './outcomes.ts';
import type { Workings } from './parts.ts';
import { PURPOSES } from './purposes.ts';
import { sendOnce, type Abort } from './send-once.ts';
import type { Sender } from './sender.ts';
import type { Settler } from './settler.ts';

/** How it went: the row is `done` with, still `open`, or was `lost` to another process before anything was done. */
export type AttemptResult = 'done' | 'open' | 'lost';

/** A row that passed the gates. */
interface Cleared {
  message: OutgoingMessage;
  person: Person;
  template?: Template;
}

/** One attempt at one row: claim, gates, send, settle. */
export class Attempts {
  private readonly workings: Workings;
  private readonly settler: Settler;
  private readonly facts: FactReader;
  private readonly underWay = new Set<Abort>();

  constructor(workings: Workings, settler: Settler) {
    this.workings = workings;
    this.settler = settler;
    this.facts = new FactReader(workings);
  }

  /** Ends what is being sent. Whether it went out is then unknown, and will be reconciled. */
  abort(): void {
    for (const abort of this.underWay) abort();
  }

  /** Rejects only when the database is away; the row is then found again by a sweep. */
  async run(row: OutboundRow, sender: Sender): Promise<AttemptResult> {
    const { outbound, timings, owner, now, channels } = this.workings;
    const channel = channels.get(row.channel);
    const at = now();
    if (!channel || !sender.breaker.admit(at.getTime())) return 'open';
    try {
      const claimed = await outbound.claim(row, owner, at, new Date(at.getTime() + timings.lease));
      return claimed ? await this.carryOut(claimed, channel, sender) : 'lost';
    } finally {
      sender.breaker.abstained(); // no more than a word for "not probing": what was learnt is recorded already
    }
  }

  private async carryOut(row: OutboundRow, channel: Channel, sender: Sender): Promise<AttemptResult> {
    const cleared = await this.clear(row, channel);
    if ('state' in cleared) {
      await this.settler.settle(row, cleared);
      return cleared.state === 'queued' ? 'open' : 'done';
    }
    const outcome = await this.send(row, channel, cleared);
    const change = this.changeFor(row, channel, outcome, cleared.template);
    await this.settler.settle(row, change);
    await this.learn(row, sender, outcome, cleared.person);
    return change.state === 'queued' || change.state === 'unknown' ? 'open' : 'done';
  }

  /** Asks the gates. What keeps us from asking them puts the row back: nothing has left yet. */
  private async clear(row: OutboundRow, channel: Channel): Promise<Cleared | OutboundChange> {
    try {
      const facts = await this.facts.read(row, channel.policy);
      const verdict = passGates(this.workings.gates, facts);
      const change = this.against(row, verdict);
      if (change) return change;
      const template = verdict.kind === 'template' ? verdict.template : undefined;
      const message = facts.person && toMessage(this.workings, row, facts.person, template);
      if (!message || !facts.person) return { state: 'dropped', dropReason: 'erased' };
      // Too near the end of the lease another process may take the row for lost while we send it.
      if (this.overdue(row)) return this.putBack(row);
      return { message, person: facts.person, ...(template && { template }) };
    } catch (error) {
      this.workings.log.warn({ err: error, messageId: row._id }, 'not sent for now: its facts could not be read');
      return this.putBack(row);
    }
  }

  private against(row: OutboundRow, verdict: Verdict): OutboundChange | undefined {
    const { metrics } = this.workings;
    const { channel, purpose } = row;
    switch (verdict.kind) {
      case 'send':
      case 'template':
        return undefined;
      case 'drop':
        metrics.dropped?.({ channel, purpose, reason: verdict.reason });
        return {
          state: 'dropped',
          dropReason: verdict.reason,
          ...(PURPOSES[purpose].minded && verdict.reason !== 'erased' && { attention: true }),
        };
      case 'hold':
        metrics.dropped?.({ channel, purpose, reason: 'held' });
        return { state: 'held', attention: true, detail: verdict.detail };
      case 'later':
        return { state: 'queued', dueAt: verdict.dueAt, attempts: row.attempts - 1 };
    }
  }

  private overdue(row: OutboundRow): boolean {
    const { now, timings } = this.workings;
    return now().getTime() + timings.send + timings.abortGrace >= (row.lease?.until.getTime() ?? 0);
  }

  private putBack(row: OutboundRow): OutboundChange {
    const { now, random, timings } = this.workings;
    const wait = backoff(row.attempts, timings.retryFirst, timings.retryLongest, random());
    return { state: 'queued', dueAt: new Date(now().getTime() + wait) };
  }

  private async send(row: OutboundRow, channel: Channel, { message, template }: Cleared): Promise<SendOutcome> {
    const { timings } = this.workings;
    let mine: Abort | undefined;
    try {
      return await sendOnce(
        channel,
        message,
        { limit: timings.send, grace: timings.abortGrace },
        (abort) => this.underWay.add((mine = abort)),
        (outcome) => {
          this.heardLate(row, channel, outcome, template);
        },
      );
    } finally {
      if (mine) this.underWay.delete(mine);
    }
  }

  /** The answer came after we had stopped waiting: only "it was taken" still matters. */
  private heardLate(row: OutboundRow, channel: Channel, outcome: SendOutcome, template?: Template): void {
    if (outcome.kind !== 'accepted') return;
    this.settler.settle(row, this.changeFor(row, channel, outcome, template)).catch((error: unknown) => {
      this.workings.log.warn({ err: error, messageId: row._id }, 'late answer not recorded; it will be looked up');
    });
  }

  private changeFor(row: OutboundRow, channel: Channel, outcome: SendOutcome, template?: Template): OutboundChange {
    const { now, random, timings } = this.workings;
    return afterOutcome(row, outcome, {
      now: now(),
      random: random(),
      timings,
      dedupes: channel.policy.dedupesByRef ?? false,
      canFind: channel.find !== undefined,
      ...(template && { template: template.id }),
    });
  }

  /** What the outcome tells beyond the row: does the sender work, is the person to be reached, how long did it take. */
  private async learn(row: OutboundRow, sender: Sender, outcome: SendOutcome, person: Person): Promise<void> {
    this.count(row, outcome);
    this.judge(row, sender, outcome);
    if (outcome.kind === 'refused')
      await drawConsequences(this.workings, { row, person, sender, failure: outcome.failure, code: outcome.code });
  }

  private count(row: OutboundRow, outcome: SendOutcome): void {
    const { metrics, now, log } = this.workings;
    const { channel, purpose } = row;
    const failure = 'failure' in outcome ? { failure: outcome.failure } : {};
    if (outcome.kind === 'unknown')
      log.warn({ messageId: row._id, channel, detail: outcome.detail }, 'not known whether it went out: reconciling');
    metrics.outcome?.({ channel, purpose, kind: outcome.kind, ...failure });
    const latencyMs = Math.max(0, now().getTime() - row.createdAt.getTime());
    if (outcome.kind === 'accepted') metrics.sent?.({ channel, purpose, latencyMs });
  }

  private judge(row: OutboundRow, { name, breaker }: Sender, outcome: SendOutcome): void {
    const { now, random, timings, onAlert } = this.workings;
    const at = now().getTime();
    if (outcome.kind === 'not-sent') {
      const retryAfter = outcome.retryAfterMs && Math.min(outcome.retryAfterMs, timings.retryAfterLongest);
      breaker.stumbled(at, retryAfter, backoff(row.attempts, timings.retryFirst, timings.breakerFirst, random()));
    } else if (outcome.kind === 'unknown') {
      breaker.unclear(at);
    } else if (outcome.kind === 'accepted' || outcome.failure !== 'sender-blocked') {
      if (breaker.worked()) onAlert({ kind: 'sender-recovered', ...name });
    }
  }
}
