import type { Connection, Model } from 'mongoose';
import { OPEN_STATES, type ChannelName, type DropReason, type OutboundState, type SendFailure } from '../vocabulary.ts';
import { Gather } from '../gather.ts';
import { newId } from '../ids.ts';
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

/** Most open rows read at once. Cut off are the latest rows of some conversations, which come up again with the next sweep. */
const OPEN_LIMIT = 2000;

/**
 * Messages out: the rows of the outbox. Every change is a compare-and-set on state and fence, so that of two processes one
 * wins. The fence rises with each claim: what an attempt learns late is recognised as belonging to it, or to nobody any more.
 */
export class OutboundMessages {
  readonly model: Model<MessageRow>;
  private readonly opens = new Gather((ids: readonly string[]) => this.openOf(ids));
  private readonly claims = new Gather((claims: readonly Claim[]) => this.claimAll(claims));

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
    return this.opens.ask(conversationId);
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
    return this.claims.ask({ row, owner, now, until });
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

  private async openOf(conversationIds: readonly string[]): Promise<OutboundRow[][]> {
    const filter = { queue: 'outbox', conversationId: { $in: [...new Set(conversationIds)] } };
    const rows = await this.find(filter, { conversationId: 1, order: 1 }, OPEN_LIMIT);
    const byConversation = new Map<string, OutboundRow[]>();
    for (const row of rows) {
      const known = byConversation.get(row.conversationId);
      if (known) known.push(row);
      else byConversation.set(row.conversationId, [row]);
    }
    return conversationIds.map((id) => [...(byConversation.get(id) ?? [])]);
  }

  /** Claims several rows with one command. Each lease bears a mark of its own, by which to tell whose it is when not all could be had. */
  private async claimAll(claims: readonly Claim[]): Promise<(OutboundRow | null)[]> {
    const first = new Map<string, Claim>();
    for (const claim of claims) if (!first.has(claim.row._id)) first.set(claim.row._id, claim);
    const taken = new Map<Claim, OutboundRow>();
    for (const group of byOwner([...first.values()])) {
      for (const [claim, row] of await this.claimGroup(group)) taken.set(claim, row);
    }
    return claims.map((claim) => taken.get(claim) ?? null);
  }

  private async claimGroup(claims: readonly Claim[]): Promise<[Claim, OutboundRow][]> {
    const newest = claims.at(-1);
    if (!newest) return [];
    const { now, until, owner } = newest;
    const lease = { owner: `${owner} ${newId()}`, until };
    const set = { state: 'leased' as const, lease, dueAt: until, attemptedAt: now };
    const ids = claims.map(({ row }) => row._id);
    const result = await this.model.collection.updateMany(
      {
        _id: { $in: ids as never[] },
        queue: 'outbox',
        state: 'queued',
        $or: claims.map(({ row }) => ({ _id: row._id as never, fence: row.fence })),
      },
      { $set: set, $inc: { attempts: 1, fence: 1 } },
    );
    const ours = result.matchedCount === claims.length ? new Set(ids) : await this.leasedAs(ids, lease.owner);
    return claims
      .filter(({ row }) => ours.has(row._id))
      .map((claim) => {
        const { row } = claim;
        return [claim, { ...row, ...set, attempts: row.attempts + 1, fence: row.fence + 1 }];
      });
  }

  private async leasedAs(ids: readonly string[], owner: string): Promise<Set<string>> {
    const rows = await this.find({ _id: { $in: ids }, 'lease.owner': owner }, { _id: 1 }, ids.length);
    return new Set(rows.map(({ _id }) => _id));
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

/** A row to be leased. */
interface Claim {
  row: OutboundRow;
  owner: string;
  now: Date;
  until: Date;
}

function byOwner(claims: readonly Claim[]): Claim[][] {
  const groups = new Map<string, Claim[]>();
  for (const claim of claims) groups.set(claim.owner, [...(groups.get(claim.owner) ?? []), claim]);
  return [...groups.values()];
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
