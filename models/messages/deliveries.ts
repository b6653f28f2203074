import type { Connection } from 'mongoose';
import { isDuplicateKey } from '../duplicate-key.ts';
import type { ChannelName, DeliveryStatus, OutboundState } from '../vocabulary.ts';
import { messageModel } from './model.ts';
import { settling, type OutboundChange } from './outbound.ts';
import type { OutboundRow } from './schema.ts';

/** Which message a provider speaks of: by our own id when it hands that back, else by its id. */
export interface DeliveryName {
  channel: ChannelName;
  providerId: string;
  ref?: string;
}

/**
 * How far a message has come. News only ever moves it up: what failed can still turn out delivered, what was delivered can
 * not fail any more (spec: channels.md, status; callbacks come late, early, twice and in any order).
 */
export const RANK: Readonly<Record<DeliveryStatus, number>> = {
  accepted: 1,
  sent: 2,
  failed: 3,
  undelivered: 3,
  delivered: 4,
  read: 5,
};

/** States that are not the provider's word: news about an attempt that was made replaces them. */
const OURS: readonly OutboundState[] = ['queued', 'leased', 'unknown', 'held', 'failed', 'dropped'];

/** The states that a status raises. */
export function below(status: DeliveryStatus): DeliveryStatus[] {
  return (Object.keys(RANK) as DeliveryStatus[]).filter((state) => RANK[state] < RANK[status]);
}

/** What providers tell about messages out. */
export class Deliveries {
  private readonly collection;

  constructor(connection: Connection) {
    this.collection = messageModel(connection).collection;
  }

  /**
   * Raises the status of a message in one command. Returns the row as it was; null when there is nothing to raise (no such
   * row, or it has come that far already, or the news is about an attempt that no longer counts).
   */
  async raise(name: DeliveryName, status: DeliveryStatus, at: Date): Promise<OutboundRow | null> {
    const change = {
      $set: { state: status, providerId: name.providerId, [`statusAt.${status}`]: at },
      $unset: { queue: 1, lease: 1, attention: 1, failure: 1, failureCode: 1, dropReason: 1, detail: 1 },
    };
    return this.change(raisable(name, status), change);
  }

  /** The row that failing news applies to, as it now is; null when there is none (see `raise`). */
  async failing(name: DeliveryName, status: 'failed' | 'undelivered'): Promise<OutboundRow | null> {
    return (await this.collection.findOne(raisable(name, status) as never)) as unknown as OutboundRow | null;
  }

  /** Records a failure on the row as it was read; false when it changed meanwhile. */
  async fail(
    row: OutboundRow,
    name: DeliveryName,
    status: 'failed' | 'undelivered',
    change: Extract<OutboundChange, { state: 'failed' }>,
    at: Date,
  ): Promise<boolean> {
    const { $set, $unset } = settling(change, at);
    const set = { ...($set as object), state: status, providerId: name.providerId };
    return (await this.change(asRead(row), { $set: set, $unset })) !== null;
  }

  /** Puts a message that the provider says did not get through back into the queue; false when it changed meanwhile. */
  async reopen(
    row: OutboundRow,
    name: DeliveryName,
    change: Extract<OutboundChange, { state: 'queued' }>,
    at: Date,
  ): Promise<boolean> {
    const { $set, $unset } = settling(change, at);
    const gone = { ...($unset as object), providerId: 1, attention: 1, failure: 1, failureCode: 1 };
    const filter = { ...asRead(row), erased: { $ne: true } };
    return (await this.change(filter, { $set, $unset: gone, $push: { spent: name.providerId } })) !== null;
  }

  /** Whether there is a row at all that the name means. */
  async known(name: DeliveryName): Promise<boolean> {
    const either = [{ channel: name.channel, providerId: name.providerId }, ...(name.ref ? [{ _id: name.ref }] : [])];
    return (await this.collection.findOne({ $or: either } as never, { projection: { _id: 1 } })) !== null;
  }

  /** Null also when another row has this provider id already: news about that one, not about this. */
  private async change(filter: object, change: object): Promise<OutboundRow | null> {
    try {
      const row = await this.collection.findOneAndUpdate(filter, change, { returnDocument: 'before' });
      return row as unknown as OutboundRow | null;
    } catch (error) {
      if (isDuplicateKey(error)) return null;
      throw error;
    }
  }
}

/**
 * Rows that news may raise. A row without a provider id counts when an attempt at it was made: the news may come before the
 * answer to the attempt. A repeated message has two provider ids; good news about either is news about it.
 */
function raisable({ channel, providerId, ref }: DeliveryName, status: DeliveryStatus): object {
  const states = below(status);
  if (!ref) return { channel, providerId, direction: 'out', state: { $in: states } };
  return {
    _id: ref,
    channel,
    direction: 'out',
    spent: { $ne: providerId },
    $or: [
      { providerId, state: { $in: states } },
      { providerId: { $exists: false }, attempts: { $gt: 0 }, state: { $in: OURS } },
      ...(status === 'failed' || status === 'undelivered' ? [] : [{ repeated: true, state: { $in: states } }]),
    ],
  };
}

function asRead(row: OutboundRow): object {
  const providerId = row.providerId ?? { $exists: false };
  return { _id: row._id, fence: row.fence, state: row.state, providerId };
}
