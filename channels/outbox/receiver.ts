import type { OutboundChange } from '../../models/messages/outbound.ts';
import type { OutboundRow } from '../../models/messages/schema.ts';
import { OPEN_STATES } from '../../models/vocabulary.ts';
import type { Receipt } from '../channel.ts';
import { drawConsequences } from './consequences.ts';
import { afterFailure } from './outcomes.ts';
import type { Workings } from './parts.ts';
import type { Senders } from './senders.ts';
import type { Settler } from './settler.ts';

/** A row changed under us this often in a row means something is wrong; the receipt is then parked. */
const TRIES = 5;

/**
 * What providers tell about messages they took. It may come before their answer to the attempt, late, twice, out of order, or
 * about messages we do not know; a status only ever rises (models/messages/deliveries.ts).
 */
export class Receiver {
  private readonly workings: Workings;
  private readonly senders: Senders;
  private readonly settler: Settler;
  private readonly wake: (conversationId: string) => void;

  constructor(workings: Workings, senders: Senders, settler: Settler, wake: (conversationId: string) => void) {
    this.workings = workings;
    this.senders = senders;
    this.settler = settler;
    this.wake = wake;
  }

  /** Takes a receipt. Rejects when the database is away: the provider must be told to come again. */
  async receive(receipt: Receipt): Promise<void> {
    const { parked, deliveries, timings, now, metrics } = this.workings;
    const { channel, status } = receipt;
    const unknown = !(await this.apply(receipt)) && !(await deliveries.known(receipt));
    metrics.receipt?.({ channel, status, parked: unknown });
    if (unknown) await parked.park(receipt, now(), new Date(now().getTime() + timings.park));
  }

  /** Looks again for the messages of parked receipts. Returns how many found theirs. */
  async match(limit: number): Promise<number> {
    const { parked, deliveries, timings, now } = this.workings;
    let matched = 0;
    for (const receipt of await parked.due(now(), limit)) {
      if ((await this.apply(receipt)) || (await deliveries.known(receipt))) {
        await parked.remove(receipt._id);
        matched++;
        continue;
      }
      const age = now().getTime() - receipt.parkedAt.getTime();
      await parked.postpone(receipt._id, new Date(now().getTime() + Math.max(timings.parkRetry, age / 2)));
    }
    return matched;
  }

  /** True when the receipt told something new about a row. */
  private async apply(receipt: Receipt): Promise<boolean> {
    const { status } = receipt;
    if (status === 'failed' || status === 'undelivered') return this.applyFailure(receipt, status);
    const before = await this.workings.deliveries.raise(receipt, status, this.workings.now());
    if (!before) return false;
    const { _id: messageId, conversationId } = before;
    this.workings.onEvent({ messageId, conversationId, state: status, attention: false });
    if ((OPEN_STATES as readonly string[]).includes(before.state)) this.wake(conversationId);
    return true;
  }

  private async applyFailure(receipt: Receipt, status: 'failed' | 'undelivered'): Promise<boolean> {
    const { deliveries, now } = this.workings;
    for (let tries = 0; tries < TRIES; tries++) {
      const row = await deliveries.failing(receipt, status);
      if (!row) return false;
      const change = this.changeFor(row, receipt);
      const written =
        change.state === 'queued'
          ? await deliveries.reopen(row, receipt, change, now())
          : await deliveries.fail(row, receipt, status, change, now());
      if (written) {
        await this.follow(row, receipt, change);
        return true;
      }
    }
    return false;
  }

  private changeFor(row: OutboundRow, receipt: Receipt): Extract<OutboundChange, { state: 'queued' | 'failed' }> {
    const { now, random, timings } = this.workings;
    const facts = { now: now(), random: random(), timings, dedupes: false, canFind: false };
    return afterFailure(row, receipt.failure, receipt.code, facts);
  }

  private async follow(row: OutboundRow, receipt: Receipt, change: OutboundChange): Promise<void> {
    this.settler.tell(row, change);
    const { failure, code } = receipt;
    const person = failure === 'opted-out' ? await this.workings.people.get(row.personId) : null;
    await drawConsequences(this.workings, { row, failure, code, person, sender: this.senders.of(row) });
    this.wake(row.conversationId);
  }
}
