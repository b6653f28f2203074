import type { TurnContext } from 'botbuilder';
import type { Channel } from '../channels/channel.ts';
import type { DialogState } from '../dialogs/turn.ts';
import type { LanguageGuess } from '../languages/detection.ts';
import type { Conversation } from '../models/conversations.ts';
import type { FeedbackStart } from '../models/feedback.ts';
import type { InboundRow, OutboundRow } from '../models/messages/schema.ts';
import type { Person } from '../models/people.ts';
import type { Holder, InboundOutcome, LanguageCode } from '../models/vocabulary.ts';

/** What a turn changes in one feedback item. */
export interface FeedbackWrite {
  start: FeedbackStart;
  set: Record<string, unknown>;
  unset: string[];
}

/**
 * A turn in progress: what it is about and what it is going to change. Nothing is written until the dialog is done;
 * every write then has an id that follows from `causeId`, so a turn taken twice leaves the same rows.
 */
export interface Work {
  readonly causeId: string;
  readonly at: Date;
  readonly message: InboundRow | null;
  readonly conversation: Conversation;
  readonly person: Person;
  readonly channel: Channel;
  language: LanguageCode | undefined;
  guess?: LanguageGuess;
  state: DialogState | null;
  outcome: InboundOutcome;
  holder?: Holder;
  /** The experience is told to its end: silence means nothing more. */
  ended: boolean;
  rows: OutboundRow[];
  feedback: Map<number, FeedbackWrite>;
  writes: (() => Promise<unknown>)[];
}

/** English is what we fall back to, with a line saying so (languages/catalogue.ts). */
export const DEFAULT_LANGUAGE: LanguageCode = 'eng';

const WORK = Symbol('work');

export function attachWork(context: TurnContext, work: Work): void {
  context.turnState.set(WORK, work);
}

/** The turn in progress behind a botbuilder context. Throws when there is none: every context is made by our adapter. */
export function workOf(context: TurnContext): Work {
  const work = context.turnState.get<Work | undefined>(WORK);
  if (!work) throw new Error('This turn has no work attached; contexts are made by bot/adapter.ts only.');
  return work;
}
