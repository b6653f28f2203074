import { PURPOSES } from '../../../../channels/outbox/purposes.ts';
import type { OutboundRow } from '../../../../models/messages/schema.ts';
import { scan, type Check } from './check.ts';

/** Only what policy lets be repeated was repeated. */
export const outboundRepeats: Check = {
  name: 'outbound-repeats',
  promise: 'no message goes out twice, except a reply of unknown fate, once, and then its row says so',
  async *run(context) {
    const filter = { direction: 'out', repeated: true, erased: { $ne: true } };
    for await (const row of scan<Pick<OutboundRow, 'purpose'>>(context, 'messages', filter, ['purpose'])) {
      const rules = PURPOSES[row.purpose] as (typeof PURPOSES)[OutboundRow['purpose']] | undefined;
      if (!rules) yield { id: `messages/${row._id}`, what: 'has a purpose that does not exist' };
      else if (!rules.repeatable)
        yield { id: `messages/${row._id}`, what: `was repeated although ${row.purpose} must not be` };
    }
  },
};
