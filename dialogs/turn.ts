import type { LanguageGuess } from '../languages/detection.ts';
import type { Answer, ChannelName, LanguageCode, MediaKind, ServiceEntry } from '../models/vocabulary.ts';
import type { DialogEvent } from './events.ts';

/** One inbound message as the dialog sees it. */
export interface DialogTurn {
  messageId: string;
  /** When it was received, ms since the epoch. The dialog has no clock of its own. */
  at: number;
  channel: ChannelName;
  /** Short form of questions and texts (SMS). */
  short: boolean;
  text: string;
  /** Id of a pressed button or list row. */
  choice?: string;
  media: MediaKind[];
  guess: LanguageGuess;
  /** The provider has already handled (and answered) an opt-out word. */
  providerOptOut?: 'stop' | 'start' | 'help';
  /** The provider confirms STOP itself: say nothing. */
  optOutConfirmedByProvider: boolean;
  /** The person is opted out as this message arrives. */
  optedOut: boolean;
}

/** What the dialog may look up: all of it data, none of it a database. */
export interface DialogWorld {
  services: readonly ServiceEntry[];
  /** The reference code of this person's nth experience. */
  reference(experience: number): string;
  privacyUrl: string;
}

/**
 * All that a conversation remembers: the set of answers so far, never a position. Plain JSON, stored whole.
 * Fields beyond these are the dialogs' own business; add with defaults so that older states stay readable.
 */
export interface DialogState {
  pathway: { id: string; version: number };
  language?: LanguageCode;
  consent?: 'given' | 'declined';
  experience: number;
  answers: Record<string, Answer>;
  /** The question that stands, the ids of its choices in the order shown, how often it was asked, and when. */
  asked?: Asked;
  /** Questions answered in this experience, newest last, for BACK. */
  trail: string[];
  /** What was told before consent. It becomes the story on "yes" and is gone on "no". */
  held?: Telling;
  /** This experience has been announced by `experience-started`. */
  started?: boolean;
  /** All was asked; what comes next is another experience. */
  ended?: boolean;
  /** Kept as partial after a silence, which is told once. */
  lapsed?: boolean;
  /** When the last message that told something came in (ms), while nothing else has come since. */
  toldAt?: number;
  /** Clear messages in another language than the settled one, in a row. */
  drift?: { language: LanguageCode; times: number };
  /** Kinds of media already thanked for: once is enough. */
  thanked?: MediaKind[];
  /** "We still read what you write" was said since the last STOP. */
  toldOptOut?: boolean;
}

/** A story as it was told: the text of its messages in order, their ids, and how many pictures and recordings came along. */
export interface Telling {
  text: string;
  messageIds: string[];
  media: number;
}

export interface Asked {
  question: string;
  /** Ids as shown: `question:option`, so that a button pressed much later still says what it answers. */
  choices: string[];
  times: number;
  at: number;
  /** Which wording stands, where it matters how it was asked. */
  variant?: Variant;
  /** Asked again by BACK: SKIP keeps what was said. */
  revisit?: boolean;
  /** What they wrote that led to this wording, shortened. */
  heard?: string;
}

export type Variant =
  | 'ask'
  | 'again'
  | 'last'
  | 'back'
  | 'confirm'
  | 'confirm-kind'
  | 'offer'
  | 'name-it'
  | 'next'
  | 'hello-again'
  | 'choose';

/** Signature of the engine (dialogs/engine.ts). `state` null: a person we have not met. */
export type Handle = (state: DialogState | null, turn: DialogTurn, world: DialogWorld) => Outcome;

/** Signature of the engine for a conversation that has been silent for 24 h at `at` (ms since the epoch). */
export type Lapse = (state: DialogState, at: number) => Outcome;

export interface Outcome {
  state: DialogState;
  events: DialogEvent[];
}
