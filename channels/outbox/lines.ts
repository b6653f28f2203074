import { AsyncResource } from 'node:async_hooks';
import type { OutboundRow } from '../../models/messages/schema.ts';
import type { Attempts } from './attempt.ts';
import { nextRow } from './next-row.ts';
import type { Workings } from './parts.ts';
import { PURPOSES } from './purposes.ts';
import type { Sender } from './sender.ts';
import type { Senders } from './senders.ts';

/** How long rows as read are worked from (ms); claiming would notice older news, at the price of a lost attempt. */
const FRESH_MS = 250;

/** What this process is doing about one conversation. */
interface Line {
  readonly key: string;
  readonly conversationId: string;
  /** Beside a busy line: only what may overtake. */
  readonly urgentOnly: boolean;
  phase: 'looking' | 'waiting' | 'sending';
  /** There is news: look again before relying on `rows`. */
  again: boolean;
  rows: OutboundRow[];
  readAt: number;
  /** Of the row it waits for a slot with. */
  priority: number;
  sender?: Sender;
}

/**
 * The conversations this process is sending for: one row of each at a time, in order, and beside it what may overtake.
 * Everything here may be lost at any moment; the rows in the database are what counts.
 */
export class Lines {
  private readonly workings: Workings;
  private readonly senders: Senders;
  private readonly attempts: Attempts;
  private readonly lines = new Map<string, Line>();
  private readonly idlers: (() => void)[] = [];
  private stopping = false;

  constructor(workings: Workings, senders: Senders, attempts: Attempts) {
    this.workings = workings;
    this.senders = senders;
    this.attempts = attempts;
  }

  /** There is something to send in a conversation. */
  wake(conversationId: string): void {
    if (this.stopping) return;
    const line = this.lines.get(conversationId);
    if (!line) {
      this.start(conversationId, false);
      return;
    }
    line.again = true;
    if (line.phase === 'waiting') void this.look(line);
    if (line.phase === 'sending') this.wakeUrgent(conversationId);
  }

  /** A row was found waiting, by chance of a sweep: no news for a conversation that is under way, unless it is more urgent. */
  notice(row: OutboundRow): void {
    const line = this.lines.get(row.conversationId);
    const waits = line && (line.phase === 'waiting' ? row.priority >= line.priority : !PURPOSES[row.purpose].overtakes);
    if (!waits) this.wake(row.conversationId);
  }

  /** Resolves when nothing is being looked at, waited for or sent. */
  async idle(): Promise<void> {
    if (this.lines.size === 0) return;
    await new Promise<void>((resolve) => this.idlers.push(resolve));
  }

  /** Begins nothing new. What waits is left to others; what is being sent goes on. */
  close(): void {
    this.stopping = true;
    for (const line of [...this.lines.values()]) {
      if (line.phase === 'waiting') this.end(line);
    }
  }

  private wakeUrgent(conversationId: string): void {
    const key = `urgent ${conversationId}`;
    const line = this.lines.get(key);
    if (line) line.again = true;
    else this.start(conversationId, true);
  }

  private start(conversationId: string, urgentOnly: boolean): void {
    const key = urgentOnly ? `urgent ${conversationId}` : conversationId;
    const line: Line = {
      key,
      conversationId,
      urgentOnly,
      phase: 'looking',
      again: false,
      rows: [],
      readAt: 0,
      priority: 0,
    };
    this.lines.set(key, line);
    void this.look(line);
  }

  private async look(line: Line): Promise<void> {
    try {
      await this.read(line);
    } catch (error) {
      this.workings.log.warn({ err: error }, 'could not look for what to send; the sweep will');
      if (line.phase !== 'sending') this.end(line);
      return;
    }
    // While it was waiting a slot may have come: then serving goes on from what was read.
    if (line.phase !== 'sending' && this.lines.get(line.key) === line) this.place(line);
  }

  private async read(line: Line): Promise<void> {
    line.again = false;
    line.rows = await this.workings.outbound.open(line.conversationId);
    line.readAt = performance.now();
  }

  /** Waits for the sender of what comes next, or ends when nothing does. */
  private place(line: Line): void {
    const row = nextRow(line.rows, this.workings.now(), line.urgentOnly);
    const sender = row && this.senders.of(row);
    if (this.stopping || !row || !sender || sender.breaker.closedTo(this.workings.now().getTime())) {
      this.finish(line, row !== undefined);
      return;
    }
    if (line.sender !== sender) line.sender?.leave(line.key);
    line.sender = sender;
    line.phase = 'waiting';
    line.priority = row.priority;
    sender.join(
      line.key,
      row.priority,
      AsyncResource.bind(() => this.serve(line, sender)),
    );
  }

  private async serve(line: Line, sender: Sender): Promise<void> {
    line.phase = 'sending';
    try {
      if (line.again || performance.now() - line.readAt > FRESH_MS) await this.read(line);
      const row = nextRow(line.rows, this.workings.now(), line.urgentOnly);
      if (row && this.senders.of(row) === sender) await this.attempt(line, row, sender);
      else this.place(line);
    } catch (error) {
      this.workings.log.warn({ err: error }, 'sending was interrupted; the sweep goes on with it');
      this.end(line);
    }
  }

  private async attempt(line: Line, row: OutboundRow, sender: Sender): Promise<void> {
    const result = await this.attempts.run(row, sender);
    if (result !== 'done') line.again = true; // what it stands in the way of is for the database to say
    line.rows = line.rows.filter(({ _id }) => _id !== row._id);
    if (result === 'done' && !line.again) this.place(line);
    else this.finish(line, false);
  }

  /** @param unavailable there is something to send, but not now by us: looking again would change nothing */
  private finish(line: Line, unavailable: boolean): void {
    if (this.stopping || unavailable || !line.again) {
      this.end(line);
      return;
    }
    line.phase = 'looking';
    void this.look(line);
  }

  private end(line: Line): void {
    line.sender?.leave(line.key);
    if (this.lines.get(line.key) === line) this.lines.delete(line.key);
    if (this.lines.size > 0) return;
    for (const idler of this.idlers.splice(0)) idler();
  }
}
