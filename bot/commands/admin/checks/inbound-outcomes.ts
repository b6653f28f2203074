import type { InboundRow } from '../../../../models/messages/schema.ts';
import { MINUTE_MS, scan, waited, type Check, type CheckContext, type Problem } from './check.ts';

/** How long a message may wait for its turn before that is a problem: the sweep comes by every few seconds. */
const PATIENCE_MS = 15 * MINUTE_MS;

type Row = Pick<InboundRow, 'state' | 'outcome' | 'queue' | 'receivedAt' | 'providerId'>;

/** Every message in is either in the inbox or has a visible outcome. */
export const inboundOutcomes: Check = {
  name: 'inbound-outcomes',
  promise: 'every accepted message ends with a visible outcome, and waits in the inbox until then',
  async *run(context) {
    const filter = { direction: 'in', $or: [{ erased: { $ne: true } }, { queue: { $exists: true } }] };
    const fields = ['state', 'outcome', 'queue', 'receivedAt', 'providerId'] as const;
    for await (const row of scan<Row>(context, 'messages', filter, fields)) {
      for (const what of wrong(row, context)) yield { id: `messages/${row._id}`, what } satisfies Problem;
    }
  },
};

function wrong(row: Partial<Row>, context: CheckContext): string[] {
  const problems: string[] = [];
  if (row.providerId === undefined) problems.push('came in without a provider id');
  if (row.state === 'handled') {
    if (row.outcome === undefined) problems.push('is handled but has no outcome');
    if (row.queue !== undefined) problems.push('is handled but still in the queue');
  } else if (row.state === 'received') {
    if (row.queue !== 'inbox') problems.push('is not handled and not in the inbox: nobody will take its turn');
    else if (waited(context, row.receivedAt) > PATIENCE_MS)
      problems.push('has waited for its turn for more than 15 minutes');
  } else problems.push('is in no state that exists');
  return problems;
}
