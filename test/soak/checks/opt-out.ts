import { PURPOSES } from '../../../channels/outbox/purposes.ts';
import type { InboundRow, OutboundRow } from '../../../models/messages/schema.ts';
import type { Memory } from '../residents/resident.ts';
import { type Check, type Found, type World } from './check.ts';

/** STOP is recorded, confirmed where it has to be, and obeyed by everything that was not on its way by then. */
export const optOut: Check = {
  name: 'opt-out',
  *run(world) {
    for (const memory of world.memories) {
      yield* recorded(world, memory);
      yield* obeyed(world, memory);
    }
  },
};

function* recorded(world: World, { profile, optOuts }: Memory): Iterable<Found> {
  for (const [i, { action, messageId }] of optOuts.entries()) {
    const wasOut = optOuts[i - 1]?.action === 'out';
    // START from somebody who is not opted out is an ordinary word.
    if (action === 'out' || wasOut) yield* standsRecorded(world, action, messageId);
    if (action !== 'out' || wasOut || profile.channel === 'sms') continue;
    const acknowledged = world.outbound.filter((each) => each.answers === messageId && each.purpose === 'opt-out-ack');
    if (acknowledged.length !== 1) yield { id: messageId, what: `STOP was confirmed ${acknowledged.length} times` };
  }
}

function* standsRecorded(world: World, action: 'out' | 'in', id: string): Iterable<Found> {
  const row = world.inbound.find(({ _id }) => _id === id);
  const outcome = action === 'out' ? 'opt-out-recorded' : 'opt-in-recorded';
  const word = action === 'out' ? 'STOP' : 'START';
  if (row?.outcome !== outcome) yield { id, what: `${word} ended as ${row?.outcome ?? 'nothing'}` };
  const at = row?.receivedAt.getTime();
  if (!world.optOuts.some((line) => line.action === action && line.at.getTime() === at))
    yield { id, what: `${word} is not in the ledger` };
}

/** Between the moment STOP was known to be recorded and the START after it, only what policy lets pass was tried. */
function* obeyed(world: World, { profile, optOuts }: Memory): Iterable<Found> {
  const taken = new Set(world.ledger.messages.map(({ ref }) => ref));
  for (const { messageId, knownAt } of optOuts.filter(({ action }) => action === 'out')) {
    const stop = world.inbound.find(({ _id }) => _id === messageId);
    if (!stop) continue;
    const until = startedAgain(world, stop);
    const theirs = world.outbound.filter((row) => row.personId === stop.personId && taken.has(row._id));
    for (const row of theirs) {
      const at = row.attemptedAt?.getTime() ?? 0;
      const whileOut = at > knownAt.getTime() && at < until;
      if (whileOut && !mayPass(row, stop.receivedAt, profile.channel))
        yield { id: row._id, what: `a ${row.purpose} left after STOP (${messageId})` };
    }
  }
}

/** START counts from when it came in: what it is answered with may leave before we knew it to be recorded. */
function startedAgain({ people, optOuts }: World, stop: InboundRow): number {
  const hashes = people.find(({ _id }) => _id === stop.personId)?.addresses.map(({ hash }) => hash) ?? [];
  const starts = optOuts.filter((line) => line.action === 'in' && hashes.includes(line.addressHash));
  const later = starts.map(({ at }) => at.getTime()).filter((at) => at > stop.receivedAt.getTime());
  return Math.min(Number.POSITIVE_INFINITY, ...later);
}

function mayPass(row: OutboundRow, stoppedAt: Date, channel: string): boolean {
  const rules = PURPOSES[row.purpose];
  if (rules.optOut === 'passes') return true;
  if (rules.optOut === 'stops') return false;
  // On SMS the provider blocks us until START, whatever they write.
  return channel !== 'sms' && (row.answersReceivedAt?.getTime() ?? 0) > stoppedAt.getTime();
}
