import { OutboundOverview } from '../../../../models/messages/outbound-overview.ts';
import type { Check } from './check.ts';

/** The outbox's own rules about its rows (models/messages/outbound-overview.ts), a few examples of each that is broken. */
export const outboxRules: Check = {
  name: 'outbox-rules',
  promise: 'what a message out says about itself fits together: state, queue, lease, provider id, reason',
  async *run({ database, now }) {
    for (const { rule, count, examples } of await new OutboundOverview(database.connection).brokenRules(now)) {
      const more = count > examples.length ? ` (one of ${count})` : '';
      for (const id of examples) yield { id: `messages/${id}`, what: `breaks "${rule}"${more}` };
    }
  },
};
