import { deriveId } from '../models/ids.ts';
import type { AdapterParts } from './adapter.ts';
import { beginWork, writeAll, type TurnParts } from './turn.ts';

/** How the adapter begins and ends a turn that starts with us. Its rows' ids follow from the conversation's version. */
export function proactiveTurns(
  parts: Pick<TurnParts, 'database' | 'channels' | 'wake'>,
  now: () => Date,
): Pick<AdapterParts, 'openWork' | 'finishWork'> {
  return {
    async openWork(conversationId) {
      const conversation = await parts.database.conversations.get(conversationId);
      const person = conversation && (await parts.database.people.get(conversation.personId));
      if (!conversation || !person) return null;
      const causeId = deriveId(conversation._id, 'proactive', conversation.version);
      return beginWork(parts, conversation, person, { causeId, at: now(), message: null });
    },
    async finishWork(work) {
      await writeAll(parts, work);
      parts.wake(work.conversation._id);
    },
  };
}
