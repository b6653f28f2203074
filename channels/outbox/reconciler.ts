import type { OutboundChange } from '../../models/messages/outbound.ts';
import { isDuplicateKey } from '../../models/duplicate-key.ts';
import type { OutboundRow } from '../../models/messages/schema.ts';
import { toMessage } from './facts.ts';
import { decideFate, unknownFate } from './outcomes.ts';
import type { Workings } from './parts.ts';
import type { Settler } from './settler.ts';

/** Equal messages to one person that are told apart in one go. */
const LOOKS = 5;

/** What the provider's records say: its id, that it is not there, or that they cannot be read. */
type Found = { providerId: string } | 'not-there' | 'cannot-tell';

/**
 * Settles rows of which nobody knows whether they went out: a lease that ran out (its process died between claiming and
 * settling) or an attempt that was not answered. Looks in the provider's records where the channel can, and decides after
 * two minutes. Never sends anything itself.
 */
export class Reconciler {
  private readonly workings: Workings;
  private readonly settler: Settler;

  constructor(workings: Workings, settler: Settler) {
    this.workings = workings;
    this.settler = settler;
  }

  /** True when the row is no longer in the way of others. Rejects when the database is away. */
  async reconcile(row: OutboundRow): Promise<boolean> {
    return row.state === 'leased' ? this.ranOut(row) : this.lookUp(row);
  }

  private async ranOut(row: OutboundRow): Promise<boolean> {
    const { channels, timings, now, random, log } = this.workings;
    const channel = channels.get(row.channel);
    log.warn({ messageId: row._id, owner: row.lease?.owner }, 'a lease ran out: it may have gone out, reconciling');
    const change = unknownFate(row, 'lease-ran-out', {
      now: now(),
      random: random(),
      timings,
      dedupes: channel?.policy.dedupesByRef ?? false,
      canFind: channel?.find !== undefined,
    });
    await this.write(row, 'leased', change);
    return false;
  }

  private async lookUp(read: OutboundRow): Promise<boolean> {
    const { outbound, timings, now } = this.workings;
    const mine = new Date(now().getTime() + timings.reconcile);
    if (!(await outbound.postpone(read, mine))) return false; // another process has it
    const row = { ...read, dueAt: mine };
    const found = await this.findOurs(row);
    if (found === 'adopted') return true;
    const age = now().getTime() - (row.attemptedAt ?? row.createdAt).getTime();
    // Only a repeat is worth waiting for records that cannot be read: giving up is as safe now as later.
    const waits = found === 'cannot-tell' && decideFate(row, now()).state === 'queued';
    const patience = waits ? timings.giveUpAfter : timings.decideAfter;
    if (age < patience) {
      const wait = found === 'cannot-tell' ? timings.findAfter : patience - age;
      await outbound.postpone(row, new Date(now().getTime() + wait));
      return false;
    }
    return this.decide(row);
  }

  /** Looks until what is found is ours: an equal message to the same person may be found first (it is offered once). */
  private async findOurs(row: OutboundRow): Promise<'adopted' | 'not-there' | 'cannot-tell'> {
    for (let look = 0; look < LOOKS; look++) {
      const found = await this.find(row);
      if (typeof found === 'string') return found;
      if (await this.adopt(row, found.providerId)) return 'adopted';
    }
    return 'not-there';
  }

  private async find(row: OutboundRow): Promise<Found> {
    const channel = this.workings.channels.get(row.channel);
    if (!channel) return 'cannot-tell';
    if (!channel.find) return 'not-there';
    try {
      const person = await this.workings.people.get(row.personId);
      const template = row.template ? { id: row.template, variables: {} } : undefined;
      const message = person && toMessage(this.workings, row, person, template);
      if (!message) return 'not-there';
      return (await channel.find(message, row.attemptedAt ?? row.createdAt)) ?? 'not-there';
    } catch (error) {
      this.workings.log.warn({ err: error, messageId: row._id }, 'the provider’s records could not be read');
      return 'cannot-tell';
    }
  }

  /** False when what was found is another message of ours, equal to this one. */
  private async adopt(row: OutboundRow, providerId: string): Promise<boolean> {
    try {
      if (await this.write(row, 'unknown', { state: 'accepted', providerId })) this.count(row, 'found');
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  private async decide(row: OutboundRow): Promise<boolean> {
    const change = decideFate(row, this.workings.now());
    const { log } = this.workings;
    if (await this.write(row, 'unknown', change)) {
      this.count(row, change.state === 'queued' ? 'repeated' : 'given-up');
      log.warn({ messageId: row._id, purpose: row.purpose, decided: change.state }, 'fate stayed unknown');
    }
    return true;
  }

  private async write(row: OutboundRow, from: 'leased' | 'unknown', change: OutboundChange): Promise<boolean> {
    const written = await this.workings.outbound.settle(row, [from], change, this.workings.now());
    if (written) this.settler.tell(row, change);
    return written;
  }

  private count(row: OutboundRow, as: 'found' | 'repeated' | 'given-up'): void {
    this.workings.metrics.reconciled?.({ channel: row.channel, purpose: row.purpose, as });
  }
}
