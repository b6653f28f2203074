import type { Database } from '../../models/database.ts';
import { OPEN_STATES } from '../../models/vocabulary.ts';
import { pause } from './waiting.ts';

/** What is still to be done. */
export interface Left {
  inbox: number;
  outbox: number;
  media: number;
  erasures: number;
}

/** A media job that nobody has touched for this long belongs to a process that died: its lease lasts five minutes. */
const ABANDONED_MS = 3000;
const LOOK_MS = 500;

/** Given up after this, whatever still moves. */
const LONGEST_MS = 20 * 60_000;

/**
 * Waits until nothing is left to do: messages in and out, media, erasures. Resolves what is left: all zero, unless for `withinMs`
 * nothing came to its end (a busy machine may take long for much work, but no lease and no wait is that long). The five minutes of a dead media worker's lease, and the waits between its tries, are skipped by moving the
 * schedule: a worker that is alive after all finds its fence gone, which it has to bear anyway.
 */
export async function drained(database: Database, withinMs: number): Promise<Left> {
  const began = performance.now();
  const skip = new MediaSkip(database);
  let least = Number.POSITIVE_INFINITY;
  let deadline = began + withinMs;
  for (;;) {
    const left = await count(database);
    const total = left.inbox + left.outbox + left.media + left.erasures;
    if (total < least) deadline = Math.min(began + LONGEST_MS, performance.now() + withinMs);
    least = Math.min(least, total);
    if (isNothing(left) || performance.now() > deadline) return left;
    await skip.run();
    await pause(LOOK_MS);
  }
}

export function isNothing(left: Left): boolean {
  return left.inbox + left.outbox + left.media + left.erasures === 0;
}

async function count(database: Database): Promise<Left> {
  const messages = database.inbound.model.collection;
  const [inbox, outbox, media, erasures] = await Promise.all([
    messages.countDocuments({ direction: 'in', state: 'received' }),
    messages.countDocuments({ direction: 'out', state: { $in: OPEN_STATES }, erased: { $ne: true } }),
    messages.countDocuments({ 'media.nextAt': { $exists: true } }),
    database.people.model.collection.countDocuments({ eraseAt: { $lte: new Date() } }),
  ]);
  return { inbox, outbox, media, erasures };
}

/** Ends leases of dead media workers, and waits between tries, early. */
class MediaSkip {
  private readonly database: Database;
  private readonly seen = new Map<string, number>();

  constructor(database: Database) {
    this.database = database;
  }

  async run(): Promise<void> {
    const messages = this.database.inbound.model.collection;
    const waiting = await messages
      .find({ 'media.nextAt': { $gt: new Date() } }, { projection: { media: 1 } })
      .toArray();
    for (const message of waiting) {
      const media = message['media'] as { nextAt?: Date }[];
      for (const [index, { nextAt }] of media.entries()) {
        if (!nextAt || !this.isAbandoned(`${String(message._id)} ${index} ${nextAt.getTime()}`)) continue;
        const field = `media.${index}.nextAt`;
        await messages.updateOne({ _id: message._id, [field]: nextAt }, { $set: { [field]: new Date() } });
      }
    }
  }

  private isAbandoned(job: string): boolean {
    const since = this.seen.get(job) ?? performance.now();
    this.seen.set(job, since);
    return performance.now() - since > ABANDONED_MS;
  }
}
