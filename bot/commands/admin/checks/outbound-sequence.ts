import { PURPOSES } from '../../../../channels/outbox/purposes.ts';
import type { OutboundRow } from '../../../../models/messages/schema.ts';
import type { Check, CheckContext, Problem } from './check.ts';

type Row = Pick<
  OutboundRow,
  '_id' | 'conversationId' | 'purpose' | 'state' | 'attempts' | 'statusAt' | 'spent' | 'repeated'
>;

const FIELDS = ['conversationId', 'purpose', 'state', 'attempts', 'statusAt', 'spent', 'repeated'];

/** Messages of a conversation left in its order. */
export const outboundSequence: Check = {
  name: 'outbound-sequence',
  promise: 'the messages of a conversation leave in their order, but for those that may overtake',
  async *run(context) {
    let earlier: Row[] = [];
    for await (const row of inOrder(context)) {
      if (earlier[0]?.conversationId !== row.conversationId) earlier = [];
      const overtaken = earlier.find((before) => wasOvertaken(before, row));
      if (overtaken) yield overtook(row, overtaken);
      // Enough to see a change of order; a long conversation is not compared with all of its past.
      earlier = [...earlier.slice(-9), row];
    }
  },
};

function inOrder({ raw }: CheckContext): AsyncIterable<Row> {
  const filter = { direction: 'out', erased: { $ne: true }, conversationId: { $exists: true } };
  const found = raw
    .collection('messages')
    .find(filter, { batchSize: 2000, projection: Object.fromEntries(FIELDS.map((field) => [field, 1])) })
    .sort({ conversationId: 1, order: 1 });
  return found as unknown as AsyncIterable<Row>;
}

/** Whether `later` was accepted while `before`, which had never been tried, still stood in front of it. */
function wasOvertaken(before: Row, later: Row): boolean {
  const acceptedAt = later.statusAt?.accepted;
  if (!acceptedAt || mayOvertake(later) || mayOvertake(before) || troubled(before) || troubled(later)) return false;
  if (before.state === 'queued') return before.attempts === 0;
  return before.statusAt?.accepted !== undefined && before.statusAt.accepted > acceptedAt;
}

function mayOvertake(row: Row): boolean {
  return (PURPOSES[row.purpose] as { overtakes: boolean } | undefined)?.overtakes ?? false;
}

/** Rows that were tried more than once have their own story: what came after them did not wait for the second try. */
function troubled(row: Row): boolean {
  return row.repeated === true || (row.spent?.length ?? 0) > 0 || row.statusAt?.unknown !== undefined;
}

function overtook(row: Row, overtaken: Row): Problem {
  return { id: `messages/${row._id}`, what: `left before messages/${overtaken._id}, which stands before it` };
}
