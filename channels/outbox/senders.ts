import type { SenderName } from '../../models/messages/outbound.ts';
import { Breaker } from './breaker.ts';
import type { Workings } from './parts.ts';
import { Sender } from './sender.ts';

/** Sends under way at once: enough for answers that take seconds at the sender's pace. */
function concurrency(perSecond: number): number {
  return Math.min(200, Math.max(4, Math.ceil(perSecond * 2)));
}

/** Our addresses, each made when it is first needed. */
export class Senders {
  private readonly workings: Workings;
  private readonly known = new Map<string, Sender>();

  constructor(workings: Workings) {
    this.workings = workings;
  }

  /** Undefined when the channel is not configured here: its rows wait. */
  of({ channel, sender }: SenderName): Sender | undefined {
    const policy = this.workings.channels.get(channel)?.policy;
    if (!policy) return undefined;
    const key = `${channel} ${sender}`;
    let found = this.known.get(key);
    if (!found) {
      const { limits, timings } = this.workings;
      const breaker = new Breaker(timings.breakerFirst, timings.breakerLongest);
      const atOnce = limits.maxConcurrent ?? concurrency(policy.perSecond);
      found = new Sender({ channel, sender }, policy.perSecond, atOnce, breaker);
      this.known.set(key, found);
    }
    return found;
  }

  /** Those that cannot take more just now: blocked or pausing, or with enough waiting. */
  unavailable(now: Date): SenderName[] {
    return [...this.known.values()]
      .filter(
        (sender) => sender.breaker.closedTo(now.getTime()) || sender.size >= this.workings.limits.waitingPerSender,
      )
      .map(({ name }) => name);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.known.values()].map((sender) => sender.stop()));
  }
}
