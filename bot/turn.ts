import type { Channel } from '../channels/channel.ts';
import type { DialogState } from '../dialogs/turn.ts';
import type { Conversation, TurnCommit } from '../models/conversations.ts';
import type { Database } from '../models/database.ts';
import type { InboundRow } from '../models/messages/schema.ts';
import type { Person } from '../models/people.ts';
import type { InboundOutcome, LanguageCode } from '../models/vocabulary.ts';
import type { Work } from './work.ts';

export interface TurnParts {
  database: Database;
  channels: ReadonlyMap<string, Channel>;
  /** Runs middleware and handler over the work (bot/adapter.ts). */
  run: (work: Work) => Promise<void>;
  /** Rows stand committed in the outbox. */
  wake: (conversationId: string) => void;
  leaseMs: number;
  now: () => Date;
}

/** A conversation silent for this long lapses: what was told is kept as partial (spec: intake.md, outcomes). */
const LAPSE_AFTER_MS = 86_400_000;

/** Somebody else changed the conversation meanwhile, or has the lease now: nothing was committed, take the turn again. */
export class LostLease extends Error {}

/**
 * Takes one message's turn on a leased conversation and commits it. Returns the conversation as it now stands.
 * Throws LostLease when the commit found it changed; every other error leaves the message to be tried again.
 */
export async function takeTurn(
  parts: TurnParts,
  held: Conversation,
  message: InboundRow,
  last: boolean,
): Promise<{ conversation: Conversation; outcome: InboundOutcome }> {
  const person = await parts.database.people.get(message.personId);
  if (!person) return eraseStray(parts, held, message);
  const cause = { causeId: message._id, at: message.receivedAt, message };
  const work = beginWork(parts, held, asBefore(person, message), cause);
  await parts.run(work);
  await writeAll(parts, work);
  const conversation = await commit(parts, work, last);
  if (work.rows.length > 0) parts.wake(held._id);
  return { conversation, outcome: work.outcome };
}

/** The turn's work before anything happened. */
export function beginWork(
  parts: Pick<TurnParts, 'channels'>,
  conversation: Conversation,
  person: Person,
  cause: { causeId: string; at: Date; message: InboundRow | null },
): Work {
  const channel = parts.channels.get(conversation.channel);
  if (!channel) throw new Error(`No channel "${conversation.channel}" is configured; its messages wait until it is.`);
  const language: LanguageCode | undefined = conversation.language ?? person.language;
  return {
    ...cause,
    conversation,
    person,
    channel,
    language,
    state: conversation.state as DialogState | null,
    outcome: 'replied',
    ended: false,
    rows: [],
    feedback: new Map(),
    writes: [],
  };
}

/** Every write of a turn but the commit. All have derived ids or set absolute values: doing them twice changes nothing. */
export async function writeAll(parts: Pick<TurnParts, 'database'>, work: Work): Promise<void> {
  for (const write of work.writes) await write();
  const language = work.language ? { language: work.language } : {};
  for (const { start, set, unset } of work.feedback.values())
    await parts.database.feedback.write(start, { ...language, ...set }, unset);
  const rows = work.holder === 'waiting' ? work.rows.map((row) => ({ ...row, handover: true })) : work.rows;
  if (rows.length > 0) await parts.database.outbound.enqueue(rows);
}

async function commit(parts: TurnParts, work: Work, release: boolean): Promise<Conversation> {
  const handled = { id: work.causeId, outcome: work.outcome };
  const change: TurnCommit = {
    state: work.state,
    lastInboundAt: latest(work.conversation.lastInboundAt, work.at),
    lapseAt: work.ended || work.state?.consent === 'declined' ? null : new Date(work.at.getTime() + LAPSE_AFTER_MS),
    ...(work.message && { addressId: work.message.addressId }),
    ...(work.language && { language: work.language }),
    ...(work.holder && { holder: work.holder }),
    handled,
  };
  return commitChange(parts, work.conversation, change, release);
}

async function commitChange(
  parts: TurnParts,
  held: Conversation,
  change: TurnCommit,
  release: boolean,
): Promise<Conversation> {
  const until = new Date(parts.now().getTime() + parts.leaseMs);
  if (!(await parts.database.conversations.commit(held, change, { release, until }))) throw new LostLease(held._id);
  const { handled, lapseAt, ...set } = change;
  const conversation = { ...held, ...set, ...(lapseAt && { lapseAt }), version: held.version + 1 };
  return { ...conversation, handled: handled ? [...held.handled, handled] : held.handled };
}

/**
 * The person without what a taking of this very message that was cut off has written already: who says STOP is told so, although
 * they stand opted out by the time the turn is taken again.
 */
function asBefore(person: Person, message: InboundRow): Person {
  if (person.optedOutAt?.getTime() !== message.receivedAt.getTime()) return person;
  const before = { ...person };
  delete before.optedOutAt;
  return before;
}

/** A message that was on its way in while its writer was erased: its words go too, and the conversation it made anew. */
async function eraseStray(
  parts: TurnParts,
  held: Conversation,
  message: InboundRow,
): Promise<{ conversation: Conversation; outcome: InboundOutcome }> {
  const { personId } = message;
  const { mediaFiles, forget, conversations } = parts.database;
  await mediaFiles.remove(await forget.emptyMedia({ personId }, parts.now()));
  await forget.eraseOfPerson(personId, parts.now());
  await conversations.removeOfPerson(personId);
  return { conversation: held, outcome: 'erased' };
}

function latest(a: Date | undefined, b: Date): Date {
  return a && a > b ? a : b;
}
