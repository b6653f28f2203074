import type { OutboundRow } from '../../models/messages/schema.ts';
import { PURPOSES } from './purposes.ts';

/**
 * The row of a conversation that may leave next, or undefined. `rows` are its open rows in order.
 * A later row waits while an earlier one is queued, leased or of unknown fate, with two exceptions: opt-out acknowledgements
 * and safeguarding messages overtake all but their own kind, and a follow-up that nobody has begun to send lets others pass
 * (it may be waiting for the morning).
 * @param urgentOnly looks only at rows that overtake, because the rest of the conversation is busy
 */
export function nextRow(rows: readonly OutboundRow[], now: Date, urgentOnly = false): OutboundRow | undefined {
  let best: OutboundRow | undefined;
  for (const [i, row] of rows.entries()) {
    if (row.state !== 'queued' || row.dueAt > now) continue;
    if (urgentOnly && !PURPOSES[row.purpose].overtakes) continue;
    if (best && best.priority <= row.priority) continue;
    if (!rows.slice(0, i).some((earlier) => blocks(earlier, row))) best = row;
  }
  return best;
}

function blocks(earlier: OutboundRow, row: OutboundRow): boolean {
  if (PURPOSES[row.purpose].overtakes) return earlier.purpose === row.purpose;
  if (PURPOSES[earlier.purpose].proactive && !PURPOSES[row.purpose].proactive) return earlier.state !== 'queued';
  return true;
}
