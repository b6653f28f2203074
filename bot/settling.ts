import type { Logger } from 'pino';
import type { InboundMessages } from '../models/messages/inbound.ts';
import type { InboundOutcome } from '../models/vocabulary.ts';

/** How long outcomes gather before one write records them together. */
const GATHER_MS = 25;

/**
 * Records what became of messages, many in one write. The turns are committed before: a crash here only means that the next
 * worker finds the message among the handled of its conversation and records it again.
 */
export class Settling {
  private readonly inbound: InboundMessages;
  private readonly log: Logger;
  private readonly gathered = new Map<InboundOutcome, string[]>();
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(inbound: InboundMessages, log: Logger) {
    this.inbound = inbound;
    this.log = log;
  }

  add(id: string, outcome: InboundOutcome): void {
    this.gathered.set(outcome, [...(this.gathered.get(outcome) ?? []), id]);
    this.timer ??= setTimeout(() => void this.flush(), GATHER_MS);
  }

  /** Writes what has gathered; resolves when it is stored or was given up for the next worker to find. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const batch = [...this.gathered];
    this.gathered.clear();
    this.writing = this.writing.then(() => this.write(batch));
    await this.writing;
  }

  private async write(batch: [InboundOutcome, string[]][]): Promise<void> {
    for (const [outcome, ids] of batch) {
      try {
        await this.inbound.settle(ids, outcome);
      } catch (error) {
        this.log.warn({ err: error, count: ids.length }, 'outcomes not recorded yet; the next sweep will');
      }
    }
  }
}
