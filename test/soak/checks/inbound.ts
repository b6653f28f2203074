import type { InboundRow } from '../../../models/messages/schema.ts';
import { isAccepted, type Posted } from '../post-office.ts';
import { groupBy, type Check, type Found, type World } from './check.ts';

/** What a webhook may answer: taken, not now, or (0) nothing because the process died. */
const ANSWERS: readonly number[] = [200, 0, 502, 503];

/** Every accepted inbound id ends as exactly one stored message with an outcome; nothing is stored that was not delivered. */
export const inbound: Check = {
  name: 'inbound',
  *run(world) {
    const rows = groupBy(world.inbound, (row) => row.providerId);
    for (const posted of world.posted) yield* deliveredOnce(posted, rows.get(posted.sid) ?? []);
    const delivered = new Set(world.posted.map(({ sid }) => sid));
    for (const row of world.inbound) yield* cameToAnEnd(row, delivered);
    yield* onePersonEach(world);
  },
};

function* deliveredOnce(posted: Posted, found: readonly InboundRow[]): Iterable<Found> {
  const expected = isAccepted(posted) ? 1 : Math.min(1, found.length);
  if (found.length !== expected)
    yield { id: posted.sid, what: `stored ${found.length} times, answers ${posted.answers.join(' ')}` };
  const odd = posted.answers.filter((answer) => !ANSWERS.includes(answer));
  if (odd.length > 0) yield { id: posted.sid, what: `a webhook was answered ${odd.join(' ')}` };
}

function* cameToAnEnd(
  { _id, providerId, state, outcome, failures = 0 }: InboundRow,
  delivered: ReadonlySet<string>,
): Iterable<Found> {
  if (!delivered.has(providerId)) yield { id: _id, what: 'stored without a delivery' };
  if (state !== 'handled' || !outcome) yield { id: _id, what: `is ${state}, outcome ${outcome ?? 'none'}` };
  if (outcome === 'failed-for-staff') yield { id: _id, what: `its turn failed ${failures} times` };
}

/** Two first messages at once make one person, one conversation. */
function* onePersonEach(world: World): Iterable<Found> {
  const byId = new Map(world.inbound.map((row) => [row._id, row]));
  const erasing = new Set(
    world.memories.filter(({ profile }) => profile.manner === 'erases').map(({ profile }) => profile.index),
  );
  for (const [resident, letters] of groupBy(world.posted, (posted) => String(posted.resident))) {
    if (erasing.has(Number(resident))) continue;
    const rows = letters.flatMap(({ messageId }) => byId.get(messageId) ?? []);
    const people = new Set(rows.map(({ personId }) => personId));
    const conversations = new Set(rows.map(({ conversationId }) => conversationId));
    if (people.size > 1) yield { id: [...people].join(' '), what: `resident ${resident} is ${people.size} people` };
    if (conversations.size > 1)
      yield { id: [...conversations].join(' '), what: `resident ${resident} has ${conversations.size} conversations` };
  }
  const known = new Set(world.inbound.map(({ personId }) => personId as string | undefined));
  for (const { _id } of world.people)
    if (!known.has(_id)) yield { id: _id, what: 'a person of whom no message is stored' };
}
