import type { Connection } from 'mongoose';
import { OPEN_STATES, type ChannelName, type OutboundState } from '../vocabulary.ts';
import { messageModel } from './model.ts';
import type { OutboundRow } from './schema.ts';

/** How many rows of a channel are in a state that has work left, and since when the oldest has been due. */
export interface Backlog {
  channel: ChannelName;
  state: OutboundState;
  count: number;
  oldestDueAt: Date;
}

/** A promise about stored rows that does not hold: which, for how many rows, and some of their ids. */
export interface BrokenRule {
  rule: string;
  count: number;
  examples: string[];
}

const HOUR_MS = 3_600_000;

/** Looking at the outbox from outside: for metrics, for staff, for `admin verify`. Changes nothing. */
export class OutboundOverview {
  private readonly collection;

  constructor(connection: Connection) {
    this.collection = messageModel(connection).collection;
  }

  /** Open rows by channel and state. */
  async backlog(): Promise<Backlog[]> {
    const groups = await this.collection
      .aggregate<{ _id: { channel: string; state: OutboundState }; count: number; oldestDueAt: Date }>([
        { $match: { queue: 'outbox' } },
        {
          $group: {
            _id: { channel: '$channel', state: '$state' },
            count: { $sum: 1 },
            oldestDueAt: { $min: '$dueAt' },
          },
        },
      ])
      .toArray();
    return groups.map(({ _id, count, oldestDueAt }) => ({ ..._id, count, oldestDueAt }));
  }

  /** What did not get through and waits for staff, oldest first. */
  async needingAttention(limit: number): Promise<OutboundRow[]> {
    const rows = await this.collection.find({ attention: true }).sort({ createdAt: 1 }).limit(limit).toArray();
    return rows as unknown as OutboundRow[];
  }

  /** Rules about stored rows that are broken at `now`; empty when all is well. Reads only. */
  async brokenRules(now: Date): Promise<BrokenRule[]> {
    const found: BrokenRule[] = [];
    const all = rules(now);
    // Mostly there is nothing: one look at every row says so, instead of one for each rule.
    const any = { direction: 'out', erased: { $ne: true }, $or: Object.values(all) };
    if (!(await this.collection.findOne(any as never, { projection: { _id: 1 } }))) return found;
    for (const [rule, filter] of Object.entries(all)) {
      const broken = { direction: 'out', erased: { $ne: true }, ...filter };
      const count = await this.collection.countDocuments(broken);
      if (count === 0) continue;
      const rows = await this.collection
        .find(broken as never, { projection: { _id: 1 } })
        .limit(5)
        .toArray();
      found.push({ rule, count, examples: rows.map((row) => String(row._id)) });
    }
    return found;
  }
}

function rules(now: Date): Record<string, object> {
  const hourAgo = new Date(now.getTime() - HOUR_MS);
  const dayAgo = new Date(now.getTime() - 24 * HOUR_MS);
  return {
    'an open row is in the queue': { state: { $in: OPEN_STATES }, queue: { $ne: 'outbox' } },
    'a settled row is not in the queue': { state: { $nin: OPEN_STATES }, queue: 'outbox' },
    'a lease that ran out is settled within the hour': { state: 'leased', dueAt: { $lt: hourAgo } },
    'a row of unknown fate is settled within a day': { state: 'unknown', attemptedAt: { $lt: dayAgo } },
    'a queued row is taken up within a day': { state: 'queued', dueAt: { $lt: dayAgo } },
    'an accepted row has the id of the provider': {
      state: { $in: ['accepted', 'sent', 'delivered', 'read', 'undelivered'] },
      providerId: { $exists: false },
      detail: { $ne: 'provider-id-taken' },
    },
    'a dropped row says why': { state: 'dropped', dropReason: { $exists: false } },
    'a failed row says why': { state: 'failed', failure: { $exists: false }, detail: { $exists: false } },
  };
}
