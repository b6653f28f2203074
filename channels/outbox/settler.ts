import { setTimeout as sleep } from 'node:timers/promises';
import { isDuplicateKey } from '../../models/duplicate-key.ts';
import type { OutboundChange } from '../../models/messages/outbound.ts';
import type { OutboundRow } from '../../models/messages/schema.ts';
import type { OutboundState } from '../../models/vocabulary.ts';
import type { Workings } from './parts.ts';

/** Where an attempt that was accepted may find its row, however late that is learnt. */
const LATE: readonly OutboundState[] = ['leased', 'unknown', 'queued', 'failed'];

/**
 * Writes down what became of an attempt, trying again while the database is away and the lease lasts: what is not written
 * would have to be found out again. After that the row counts as of unknown fate, and is never sent blindly.
 */
export class Settler {
  private readonly workings: Workings;

  constructor(workings: Workings) {
    this.workings = workings;
  }

  /**
   * False when the row has moved on without us (a receipt came first, or the lease was lost): nothing was written.
   * Throws the database's error when the lease has run out.
   */
  async settle(row: OutboundRow, change: OutboundChange): Promise<boolean> {
    const { outbound, timings, now, log } = this.workings;
    const from = change.state === 'accepted' ? LATE : (['leased'] as const);
    const began = performance.now();
    for (;;) {
      try {
        const settled = await outbound.settle(row, from, change, now());
        if (settled) this.tell(row, change);
        return settled;
      } catch (error) {
        if (change.state === 'accepted' && change.providerId && isDuplicateKey(error)) {
          log.error({ messageId: row._id, channel: row.channel }, 'the provider gave an id that another message has');
          return this.settle(row, { state: 'accepted', detail: 'provider-id-taken' });
        }
        if (performance.now() - began > timings.lease) throw error;
        await sleep(timings.settleRetry);
      }
    }
  }

  /** Tells who listens that a row has come to another state. */
  tell(row: OutboundRow, change: OutboundChange): void {
    const attention = 'attention' in change && change.attention;
    const { _id: messageId, conversationId } = row;
    this.workings.onEvent({ messageId, conversationId, state: change.state, attention });
  }
}
