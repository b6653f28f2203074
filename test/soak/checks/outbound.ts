import { PURPOSES } from '../../../channels/outbox/purposes.ts';
import type { OutboundRow } from '../../../models/messages/schema.ts';
import type { LedgerMessage } from '../../support/twilio-double/ledger.ts';
import { groupBy, type Check, type Found } from './check.ts';

const TAKEN: readonly string[] = ['accepted', 'sent', 'delivered', 'read', 'undelivered'];

/** The provider has each of our messages once, or twice where the row says so and may; and both sides agree about all of them. */
export const outbound: Check = {
  name: 'outbound',
  *run({ outbound: rows, ledger }) {
    const byRef = groupBy(ledger.messages, ({ ref }) => ref);
    const byId = new Map(rows.map((row) => [row._id, row]));
    for (const row of rows) yield* judge(row, byRef.get(row._id) ?? []);
    for (const [ref, messages] of byRef)
      if (!byId.has(ref))
        yield { id: ref, what: `the provider has ${messages.length} messages of a row that is not there` };
  },
};

function* judge(row: OutboundRow, taken: readonly LedgerMessage[]): Iterable<Found> {
  const again = row.repeated === true;
  const may = 1 + Number(again) + (row.spent?.length ?? 0);
  if (taken.length > may) yield { id: row._id, what: `accepted ${taken.length} times: ${describe(row)}` };
  if (again && !PURPOSES[row.purpose].repeatable) yield { id: row._id, what: `may not be repeated: ${describe(row)}` };
  yield* agree(row, taken);
}

/** What the row says of the provider, and what the provider has. */
function* agree(row: OutboundRow, taken: readonly LedgerMessage[]): Iterable<Found> {
  const sids = taken.map(({ sid }) => sid);
  if (TAKEN.includes(row.state) && !sids.includes(row.providerId ?? ''))
    yield { id: row._id, what: `its sid (${row.providerId ?? 'none'}) is not the provider's for it: ${describe(row)}` };
  // A carrier's failure is news about a message that was taken.
  if (taken.length > 0 && !TAKEN.includes(row.state) && row.providerId === undefined)
    yield { id: row._id, what: `the provider took it (${sids.join(' ')}), the row does not know: ${describe(row)}` };
}

function describe({ purpose, state, repeated, detail }: OutboundRow): string {
  return [purpose, state, repeated ? 'repeated' : '', detail ?? ''].filter(Boolean).join(' ');
}
