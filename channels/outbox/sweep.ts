import type { Lines } from './lines.ts';
import type { Workings } from './parts.ts';
import type { Receiver } from './receiver.ts';
import type { Reconciler } from './reconciler.ts';
import type { Senders } from './senders.ts';

/** Batches of due rows one sweep takes up before it lets the clock tick. */
const BATCHES = 5;

/** Finds what nobody was woken for: rows of processes that died, retries, unknown fates, receipts that came early. */
export class Sweep {
  private readonly workings: Workings;
  private readonly parts: { lines: Lines; senders: Senders; reconciler: Reconciler; receiver: Receiver };
  /** Rows looked at already, when one sweep does not see them all: so that rows that cannot leave hide nobody. */
  private skip = 0;
  private readonly failing = new Set<string>();

  constructor(
    workings: Workings,
    parts: { lines: Lines; senders: Senders; reconciler: Reconciler; receiver: Receiver },
  ) {
    this.workings = workings;
    this.parts = parts;
  }

  /** One sweep. Never rejects: what fails is logged once and tried again with the next. */
  async run(): Promise<void> {
    await this.step('unsettled', () => this.unsettled());
    await this.step('due', () => this.due());
    await this.step('receipts', () => this.parts.receiver.match(this.workings.limits.sweepBatch));
  }

  private async unsettled(): Promise<void> {
    const { outbound, limits, now } = this.workings;
    const rows = await outbound.unsettled(now(), limits.sweepBatch);
    await Promise.all(
      rows.map(async (row) => {
        if (await this.parts.reconciler.reconcile(row)) this.parts.lines.wake(row.conversationId);
      }),
    );
  }

  private async due(): Promise<void> {
    const { outbound, channels, limits, timings, now } = this.workings;
    for (let batch = 0; batch < BATCHES; batch++) {
      const until = new Date(now().getTime() - timings.sweepGrace);
      const except = this.parts.senders.unavailable(now());
      const options = { channels: [...channels.keys()], except, limit: limits.sweepBatch, skip: this.skip };
      const rows = await outbound.due(until, options);
      for (const row of rows) this.parts.lines.notice(row);
      this.skip = rows.length < limits.sweepBatch ? 0 : this.skip + rows.length;
      if (this.skip === 0) return;
    }
  }

  private async step(name: string, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
      if (this.failing.delete(name)) this.workings.log.info({ step: name }, 'the outbox sweeps again');
    } catch (error) {
      if (!this.failing.has(name)) this.workings.log.error({ err: error, step: name }, 'the outbox could not sweep');
      this.failing.add(name);
    }
  }
}
