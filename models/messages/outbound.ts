import type { Connection, Model } from 'mongoose';
import { OPEN_STATES, type ChannelName, type DropReason, type OutboundState, type SendFailure } from '../vocabulary.ts';
import { messageModel } from './model.ts';
import type { MessageRow, OutboundRow } from './schema.ts';

/** What becomes of a row: its next state with what is known about why. `dueAt` is when it next needs someone. */
export type OutboundChange =
  | { state: 'accepted'; providerId?: string; template?: string; detail?: string }
  | { state: 'queued'; dueAt: Date; attempts?: number; repeated?: boolean; windowClosed?: boolean; detail?: string }
  | { state: 'unknown'; dueAt: Date; detail: string; template?: string }
  | { state: 'held'; attention: true; detail: string }
  | { state: 'dropped'; dropReason: DropReason; attention?: boolean }
  | { state: 'failed'; failure?: SendFailure; failureCode?: string; detail?: string; attention?: boolean };

/** One of our addresses on one channel: what is paced, paused and blocked together. */
export interface SenderName {
  channel: ChannelName;
  sender: string;
}

const OPEN: ReadonlySet<string> = new Set(OPEN_STATES);

/** Most rows of one conversation that are looked at together; more than a conversation ever has open. */
const OPEN_LIMIT = 100;

/**
 * Messages out: the rows of the outbox. Every change is a compare-and-set on state and fence, so that of two processes one
 * wins. The fence rises with each claim: what an attempt learns late is recognised as belonging to it, or to nobody any more.
 */
export class OutboundMessages {
  readonly model: Model<MessageRow>;

  constructor(connection: Connection) {
    this.model = messageModel(connection);
  }

  /** Stores rows in one command. Rows that are there already stay as they are. Returns how many were new. */
  async enqueue(rows: readonly OutboundRow[]): Promise<number> {
    if (rows.length === 0) return 0;
    try {
      return (await this.model.collection.insertMany(rows as never, { ordered: false })).insertedCount;
    } catch (error) {
      return insertedDespite(error);
    }
  }

  async get(id: string): Promise<OutboundRow | null> {
    return this.one({ _id: id, direction: 'out' });
  }

  /** What is queued, being sent or of unknown fate in a conversation, in its order. */
  async open(conversationId: string): Promise<OutboundRow[]> {
    return this.find({ queue: 'outbox', conversationId }, { order: 1 }, OPEN_LIMIT);
  }

  /**
   * Rows on these channels that may be claimed, most urgent first, then longest due; `except` leaves out senders that cannot
   * take any, `skip` those looked at already.
   */
  async due(
    now: Date,
    options: { channels: readonly ChannelName[]; except: readonly SenderName[]; limit: number; skip: number },
  ): Promise<OutboundRow[]> {
    const { channels, except, limit, skip } = options;
    const without = except.length > 0 ? { $nor: except.map(({ channel, sender }) => ({ channel, sender })) } : {};
    const filter = { queue: 'outbox', state: 'queued', dueAt: { $lte: now }, channel: { $in: channels }, ...without };
    return this.find(filter, { priority: 1, dueAt: 1 }, limit, skip);
  }

  /** Rows whose sender let the lease run out, and rows of unknown fate that are due for another look. */
  async unsettled(now: Date, limit: number): Promise<OutboundRow[]> {
    const filter = { queue: 'outbox', state: { $in: ['leased', 'unknown'] }, dueAt: { $lte: now } };
    return this.find(filter, { priority: 1, dueAt: 1 }, limit);
  }

  /** Takes a queued row for one attempt, until `until`. Null when it is no longer as it was read. */
  async claim(row: OutboundRow, owner: string, now: Date, until: Date): Promise<OutboundRow | null> {
    const fence = row.fence + 1;
    const set = {
      state: 'leased' as const,
      lease: { owner, until },
      dueAt: until,
      attemptedAt: now,
      attempts: row.attempts + 1,
      fence,
    };
    const filter = { _id: row._id, queue: 'outbox', state: 'queued', fence: row.fence };
    return (await this.update(filter, { $set: set })) ? { ...row, ...set } : null;
  }

  /**
   * Settles the attempt that `row.fence` names. False when the row is not (any longer) in one of the states `from`, belongs to
   * a later attempt, or is gone: then nothing was written. Throws a duplicate-key error for a provider id another row has.
   */
  async settle(row: OutboundRow, from: readonly OutboundState[], change: OutboundChange, at: Date): Promise<boolean> {
    const filter = {
      _id: row._id,
      fence: row.fence,
      state: { $in: from },
      ...(OPEN.has(change.state) && { erased: { $ne: true } }),
      ...(change.state === 'accepted' && { providerId: { $exists: false } }),
      ...('providerId' in change && { spent: { $ne: change.providerId } }),
    };
    return this.update(filter, settling(change, at));
  }

  /** Puts off the next look at a row of unknown fate. False when somebody else has taken it up meanwhile. */
  async postpone(row: OutboundRow, dueAt: Date): Promise<boolean> {
    const filter = { _id: row._id, queue: 'outbox', state: 'unknown', fence: row.fence, dueAt: row.dueAt };
    return this.update(filter, { $set: { dueAt } });
  }

  /** Staff want it sent (again): a held or failed row goes back to the queue. False when it is neither. */
  async sendAgain(id: string, now: Date, expiresAt: Date): Promise<boolean> {
    const row = await this.get(id);
    if (!row || !['held', 'failed', 'undelivered'].includes(row.state)) return false;
    const gone = ['attention', 'failure', 'failureCode', 'detail', 'providerId', 'windowClosed', 'repeated'];
    return this.update(
      { _id: id, state: row.state, fence: row.fence, erased: { $ne: true } },
      {
        $set: { state: 'queued', queue: 'outbox', dueAt: now, expiresAt, 'statusAt.queued': now },
        $unset: Object.fromEntries(gone.map((field) => [field, 1])),
        ...(row.providerId && { $push: { spent: row.providerId } }),
      },
    );
  }

  /** Staff have seen it. */
  async clearAttention(id: string): Promise<void> {
    await this.update({ _id: id, direction: 'out' }, { $unset: { attention: 1 } });
  }

  private async update(filter: Record<string, unknown>, change: Record<string, unknown>): Promise<boolean> {
    return (await this.model.collection.updateOne(filter, change)).matchedCount === 1;
  }

  private async one(filter: Record<string, unknown>): Promise<OutboundRow | null> {
    return (await this.model.collection.findOne(filter as never)) as unknown as OutboundRow | null;
  }

  private async find(
    filter: Record<string, unknown>,
    sort: Record<string, 1>,
    limit: number,
    skip = 0,
  ): Promise<OutboundRow[]> {
    const rows = await this.model.collection
      .find(filter as never)
      .sort(sort)
      .skip(skip)
      .limit(limit)
      .toArray();
    return rows as unknown as OutboundRow[];
  }
}

/** The update that writes a change: the lease ends, and a row that needs nobody any more leaves the queue. */
export function settling(change: OutboundChange, at: Date): Record<string, unknown> {
  const open = OPEN.has(change.state);
  return {
    $set: { ...change, [`statusAt.${change.state}`]: at, ...(open && { queue: 'outbox' }) },
    $unset: { lease: 1, ...(!open && { queue: 1 }) },
  };
}

/** How many rows an unordered insert stored although it failed; throws unless every failure was "already there". */
function insertedDespite(error: unknown): number {
  const { writeErrors, insertedCount } = error as { writeErrors?: unknown; insertedCount?: number };
  const failures = Array.isArray(writeErrors) ? writeErrors : [writeErrors];
  if (!failures.every((failure) => (failure as { code?: number } | undefined)?.code === 11000)) throw error;
  return insertedCount ?? 0;
}
