import Bottleneck from 'bottleneck';
import type { SenderName } from '../../models/messages/outbound.ts';
import type { Breaker } from './breaker.ts';
import { PURPOSES } from './purposes.ts';

/** Slots a second above which a slot serves several: bottleneck manages about 370 jobs a second. */
const SLOTS_PER_SECOND = 100;

const LEVELS = Math.max(...Object.values(PURPOSES).map(({ priority }) => priority)) + 1;

/** One waiting send: called when its turn has come; never rejects. */
type Serve = () => Promise<void>;

/**
 * One of our addresses: its pace, who waits for it, and whether it works. bottleneck only hands out slots; who gets a slot is
 * decided when it starts, so a message that is more urgent than those waiting takes the very next one.
 */
export class Sender {
  readonly name: SenderName;
  readonly breaker: Breaker;
  private readonly limiter: Bottleneck;
  private readonly perSlot: number;
  private readonly waiting: Map<string, Serve>[] = Array.from({ length: LEVELS }, () => new Map<string, Serve>());
  private readonly levels = new Map<string, number>();
  private slotPending = false;
  private stopping = false;

  /** @param perSecond messages a second @param maxConcurrent sends under way at once */
  constructor(name: SenderName, perSecond: number, maxConcurrent: number, breaker: Breaker) {
    this.name = name;
    this.breaker = breaker;
    this.perSlot = Math.max(1, Math.ceil(perSecond / SLOTS_PER_SECOND));
    this.limiter = new Bottleneck({
      minTime: Math.floor((1000 * this.perSlot) / perSecond),
      maxConcurrent: Math.max(1, Math.ceil(maxConcurrent / this.perSlot)),
    });
  }

  get size(): number {
    return this.levels.size;
  }

  /** Waits for a slot. Who waits already keeps the place, unless now more (or less) urgent. */
  join(key: string, priority: number, serve: Serve): void {
    const level = this.levels.get(key);
    if (level !== priority) {
      this.leave(key);
      this.levels.set(key, priority);
    }
    this.waiting[priority]?.set(key, serve);
    this.pump();
  }

  leave(key: string): void {
    const level = this.levels.get(key);
    if (level === undefined) return;
    this.waiting[level]?.delete(key);
    this.levels.delete(key);
  }

  /** Ends the pacing; what waits is not served. Resolves when the slots under way have ended. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.levels.clear();
    for (const level of this.waiting) level.clear();
    await this.limiter.stop({ dropWaitingJobs: false });
    await this.limiter.disconnect();
  }

  private pump(): void {
    if (this.slotPending || this.stopping || this.size === 0) return;
    this.slotPending = true;
    this.limiter
      .schedule(() => this.slot())
      .catch(() => {
        this.slotPending = false; // stopped meanwhile
      });
  }

  private async slot(): Promise<void> {
    this.slotPending = false;
    const served = this.take();
    this.pump();
    await Promise.all(served.map((serve) => serve()));
  }

  private take(): Serve[] {
    const taken: Serve[] = [];
    for (const level of this.waiting) {
      for (const [key, serve] of level) {
        if (taken.length === this.perSlot) return taken;
        level.delete(key);
        this.levels.delete(key);
        taken.push(serve);
      }
    }
    return taken;
  }
}
