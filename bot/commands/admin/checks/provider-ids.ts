import type { Check } from './check.ts';
import { scan } from './check.ts';

interface Row {
  channel: string;
  providerId: string;
}

/** A provider's message id stands on one row only, in or out: a second delivery is no second message. */
export const providerIds: Check = {
  name: 'provider-ids',
  promise: 'every message of a provider is stored exactly once, and none was accepted as two of ours',
  async *run(context) {
    const seen = new Map<string, string>();
    for await (const row of scan<Row>(context, 'messages', { providerId: { $exists: true } }, [
      'channel',
      'providerId',
    ])) {
      const name = `${row.channel}\u0000${row.providerId}`;
      const first = seen.get(name);
      if (first === undefined) seen.set(name, row._id);
      else yield { id: `messages/${row._id}`, what: `has the same provider id as messages/${first}` };
    }
  },
};
