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
  asked?: { question: string; choices: string[]; times: number; at: number };
  /** Questions answered in this experience, newest last, for BACK. */
  trail: string[];
}

/** Signature of the engine (dialogs/engine.ts). `state` null: a person we have not met. */
export type Handle = (
  state: DialogState | null,
  turn: DialogTurn,
  world: DialogWorld,
) => { state: DialogState; events: DialogEvent[] };
