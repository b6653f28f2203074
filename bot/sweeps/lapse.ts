import type { DialogState } from '../../dialogs/turn.ts';
import type { DialogEvent } from '../../dialogs/events.ts';
import type { Conversation } from '../../models/conversations.ts';
import type { Database } from '../../models/database.ts';
import { deriveId } from '../../models/ids.ts';
import { beginWork, writeAll, type TurnParts } from '../turn.ts';
import type { Work } from '../work.ts';

export type LapseParts = Pick<TurnParts, 'channels' | 'now'> & {
  database: Database;
  lapse: (state: DialogState, at: number) => { state: DialogState; events: DialogEvent[] };
  /** Carries events out on the work (bot/appliers/registry.ts behind a context of the adapter). */
  apply: (work: Work, events: readonly DialogEvent[]) => Promise<void>;
};

/** Conversations silent for a day: what was told is kept as partial. Nothing is said. */
export async function sweepLapsed(parts: LapseParts): Promise<void> {
  for (const conversation of await parts.database.conversations.lapsed(parts.now(), 100))
    await lapseOne(parts, conversation);
}

async function lapseOne(parts: LapseParts, conversation: Conversation): Promise<void> {
  const person = await parts.database.people.get(conversation.personId);
  const state = conversation.state as DialogState | null;
  if (!person || !state) {
    await parts.database.conversations.settleLapse(conversation, state);
    return;
  }
  const at = parts.now();
  const causeId = deriveId(conversation._id, 'lapse', conversation.version);
  const work = beginWork(parts, conversation, person, { causeId, at, message: null });
  const lapsed = parts.lapse(state, at.getTime());
  await parts.apply(work, lapsed.events);
  await writeAll(parts, work);
  await parts.database.conversations.settleLapse(conversation, lapsed.state);
}
