import { PURPOSES } from '../../../channels/outbox/purposes.ts';
import { groupBy, type Check } from './check.ts';

/** In each conversation messages left in the order of their rows; but for those that may overtake or were sent again. */
export const order: Check = {
  name: 'order',
  *run({ outbound: rows, ledger }) {
    const place = new Map<string, number>();
    ledger.messages.forEach(({ ref }, i) => place.set(ref, place.get(ref) ?? i));
    const plain = rows.filter(
      (row) =>
        row.conversationId && !row.repeated && !row.spent && !PURPOSES[row.purpose].overtakes && place.has(row._id),
    );
    for (const [conversation, sent] of groupBy(plain, (row) => row.conversationId)) {
      const inOrder = sent.toSorted((a, b) => a.order - b.order);
      for (const [i, row] of inOrder.entries()) {
        const before = inOrder[i - 1];
        if (before && (place.get(before._id) ?? 0) > (place.get(row._id) ?? 0))
          yield { id: `${before._id} ${row._id}`, what: `left in the other order in conversation ${conversation}` };
      }
    }
  },
};
