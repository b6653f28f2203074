import { isAccepted } from '../post-office.ts';
import type { Memory } from '../residents/resident.ts';
import { groupBy, type Check, type Found, type World } from './check.ts';

/** Whoever told to the end has one complete item for each experience; nothing told is lost, nothing is in it twice. */
export const feedback: Check = {
  name: 'feedback',
  *run(world) {
    yield* once(world);
    for (const memory of world.memories) {
      yield* completed(world, memory);
      if (isKept(memory)) yield* nothingLost(world, memory);
    }
  },
};

function* once({ feedback: items, inbound }: World): Iterable<Found> {
  const messages = new Set(inbound.map(({ _id }) => _id));
  for (const [key, same] of groupBy(items, (item) => `${item.conversationId ?? item._id} ${item.experience}`))
    if (same.length > 1)
      yield { id: same.map(({ _id }) => _id).join(' '), what: `${same.length} items of one experience (${key})` };
  const told = new Set<string>();
  for (const item of items) {
    for (const id of item.story?.messageIds ?? []) {
      if (told.has(id)) yield { id, what: `its words are part of two stories, one of them ${item._id}` };
      told.add(id);
      if (!messages.has(id)) yield { id, what: `a story is said to be told in it, but it is not stored: ${item._id}` };
    }
  }
}

function* completed({ feedback: items, conversations }: World, { completed: ended }: Memory): Iterable<Found> {
  const alive = new Set(conversations.map(({ _id }) => _id));
  for (const { conversationId, experience } of ended) {
    const found = items.filter((item) => item.conversationId === conversationId && item.experience === experience);
    // Whoever was erased meanwhile has none.
    if (!alive.has(conversationId) ? found.length === 0 : found.length === 1 && found[0]?.status === 'complete')
      continue;
    const states = found.map(({ _id, status }) => `${_id} ${status}`).join(', ');
    yield { id: conversationId, what: `experience ${experience} was told to the end and has: ${states || 'no item'}` };
  }
}

/** Told by somebody who agreed that it is kept. */
function isKept({ profile }: Memory): boolean {
  return profile.manner === 'tells' || profile.manner === 'stops';
}

function* nothingLost(world: World, { profile }: Memory): Iterable<Found> {
  const letters = world.posted.filter(
    (posted) => posted.resident === profile.index && posted.story && isAccepted(posted),
  );
  const rows = new Map(world.inbound.map((row) => [row._id, row]));
  const conversationIds = new Set(letters.map(({ messageId }) => rows.get(messageId)?.conversationId));
  const items = world.feedback.filter(({ conversationId }) => conversationIds.has(conversationId));
  const states = world.conversations.filter(({ _id }) => conversationIds.has(_id)).map(({ state }) => state);
  const kept = JSON.stringify([items, states]);
  for (const letter of letters) {
    const mark = letter.text.split(' ').at(-1) ?? '';
    const row = rows.get(letter.messageId);
    if (row?.outcome === 'held-for-person') continue;
    if (!kept.includes(mark))
      yield { id: letter.messageId, what: `what it tells is in no feedback (outcome ${row?.outcome ?? 'none'})` };
    const twice = items.filter(({ story }) => (story?.text.split(mark).length ?? 1) > 2);
    for (const item of twice) yield { id: letter.messageId, what: `its words stand twice in the story of ${item._id}` };
  }
}
