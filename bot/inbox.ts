import type { Logger } from 'pino';
import type { Conversation } from '../models/conversations.ts';
import type { InboundRow } from '../models/messages/schema.ts';
import { partiesOf } from './accept.ts';
import type { Settling } from './settling.ts';
import { LostLease, takeTurn, type TurnParts } from './turn.ts';

export interface InboxParts extends TurnParts {
  settling: Settling;
  /** Names this process in leases. */
  owner: string;
  log: Logger;
  /** Conversations worked on at once. */
  concurrency: number;
  /** How often to look for what nobody was woken for, and how old that must be. */
  sweepMs: number;
  neglectedAfterMs: number;
  onTurn?: (milliseconds: number, ok: boolean) => void;
}

/** How many messages of a conversation are read at once. */
const BATCH = 20;

/**
 * The inbox worker: leases conversations and takes their messages in order, one at a time. `wake` is the fast path; a sweep
 * finds what crashed workers and other processes left behind.
 */
export class Inbox {
  private readonly parts: InboxParts;
  private readonly wanted = new Set<string>();
  private readonly busy = new Map<string, Promise<void>>();
  private timer: NodeJS.Timeout | undefined;
  private stopped = true;
  /** When this worker last completed a sweep; readiness looks at it. */
  heartbeat: Date | null = null;

  constructor(parts: InboxParts) {
    this.parts = parts;
  }

  start(): void {
    this.stopped = false;
    void this.sweep();
  }

  /** Takes no new turns; resolves when those under way are done. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await Promise.allSettled(this.busy.values());
    await this.parts.settling.flush();
  }

  /** Something waits in this conversation. */
  wake(conversationId: string): void {
    if (this.stopped) return; // a process that only takes webhooks: workers elsewhere sweep
    this.wanted.add(conversationId);
    this.fill();
  }

  private fill(): void {
    for (const id of this.wanted) {
      if (this.stopped || this.busy.size >= this.parts.concurrency) return;
      if (this.busy.has(id)) continue;
      this.wanted.delete(id);
      const done = this.work(id).finally(() => {
        this.busy.delete(id);
        this.fill();
      });
      this.busy.set(id, done);
    }
  }

  private async sweep(): Promise<void> {
    const { database, now, neglectedAfterMs, log, sweepMs } = this.parts;
    try {
      const olderThan = (now().getTime() - neglectedAfterMs) * 1000;
      for (const id of await database.inbound.neglected(olderThan, 200)) this.wake(id);
      this.heartbeat = now();
    } catch (error) {
      log.warn({ err: error }, 'inbox sweep failed; trying again');
    }
    if (!this.stopped) this.timer = setTimeout(() => void this.sweep(), sweepMs);
  }

  private async work(id: string): Promise<void> {
    try {
      const rows = await this.parts.database.inbound.waiting(id, BATCH);
      const [first] = rows;
      if (!first) return;
      const held = await this.parts.database.conversations.lease(
        partiesOf(first),
        rows.at(-1)?.receivedAt ?? first.receivedAt,
        this.parts.owner,
        this.parts.now(),
        this.parts.leaseMs,
      );
      // Somebody else has it and will come to these messages; if they die, the sweep finds them.
      if (held) await this.takeAll(held, rows);
      if (held && rows.length === BATCH) this.wanted.add(id);
    } catch (error) {
      if (error instanceof LostLease) this.wanted.add(id);
      else
        this.parts.log.error(
          { err: error, conversation: id },
          'inbox work failed; the messages stay and are tried again',
        );
    }
  }

  private async takeAll(leased: Conversation, rows: readonly InboundRow[]): Promise<void> {
    let held = leased;
    let released = false;
    try {
      for (const [i, row] of rows.entries()) {
        if (this.stopped) break;
        const last = i === rows.length - 1;
        const before = held.handled.find((entry) => entry.id === row._id);
        if (before) {
          this.parts.settling.add(row._id, before.outcome);
          continue;
        }
        held = await this.take(held, row, last);
        released = last;
      }
    } finally {
      if (!released) await this.parts.database.conversations.release(held);
    }
  }

  private async take(held: Conversation, row: InboundRow, last: boolean): Promise<Conversation> {
    const started = performance.now();
    try {
      const { conversation, outcome } = await takeTurn(this.parts, held, row, last);
      this.parts.settling.add(row._id, outcome);
      this.parts.onTurn?.(performance.now() - started, true);
      return conversation;
    } catch (error) {
      if (!(error instanceof LostLease)) await this.failed(row, error, performance.now() - started);
      throw error;
    }
  }

  /** A message that cannot be processed must not strand those after it: after a few tries it is left to staff. */
  private async failed(row: InboundRow, error: unknown, milliseconds: number): Promise<void> {
    this.parts.onTurn?.(milliseconds, false);
    const givenUp = await this.parts.database.inbound.failed(row._id);
    this.parts.log.error(
      { err: error, message: row._id, givenUp },
      givenUp ? 'turn failed too often: left to staff' : 'turn failed; trying again',
    );
  }
}
