import type { Feedback } from '../../../../models/feedback.ts';
import { scan, type Check, type CheckContext } from './check.ts';

/** Feedback belongs to somebody who is there, or to nobody. */
export const feedbackOwners: Check = {
  name: 'feedback-owners',
  promise: 'feedback belongs to an existing person and conversation, or to nobody at all',
  async *run(context) {
    const people = await idsOf(context, 'people');
    const conversations = await idsOf(context, 'conversations');
    const fields = ['personId', 'conversationId', 'consents'] as const;
    for await (const { _id, personId, conversationId, consents } of scan<Feedback>(context, 'feedback', {}, fields)) {
      const id = `feedback/${_id}`;
      if (personId !== undefined && !people.has(personId)) yield { id, what: 'belongs to a person who does not exist' };
      if (conversationId !== undefined && !conversations.has(conversationId))
        yield { id, what: 'belongs to a conversation that does not exist' };
      if ((personId === undefined) !== (conversationId === undefined))
        yield { id, what: 'is only half de-identified: person and conversation go together' };
      if ((consents as Feedback['consents'] | undefined)?.store === false)
        yield { id, what: 'is kept although its teller did not agree' };
    }
  },
};

async function idsOf(context: CheckContext, collection: string): Promise<Set<string>> {
  const ids = new Set<string>();
  // Without other fields the server may answer from its index alone.
  const found = context.raw.collection(collection).find({}, { projection: { _id: 1 }, batchSize: 5000 });
  for await (const { _id } of found) ids.add(String(_id));
  return ids;
}
