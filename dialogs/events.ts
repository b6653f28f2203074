import type { TextParam } from '../languages/catalogue.ts';
import type { Answer, Coding, LanguageCode, Purpose } from '../models/vocabulary.ts';

/** What happened in a turn. `bot/appliers/` has one applier per type; a missing one does not compile. */
export type DialogEvent =
  | Said
  | LanguageChanged
  | ConsentRecorded
  | ExperienceStarted
  | AnswerRecorded
  | ExperienceCoded
  | ExperienceEnded
  | OptedOut
  | OptedIn
  | PersonRequested
  | ErasureRequested;

/** The bot says a catalogue text. Texts exist only in the catalogue: the event carries the key, never words. */
export interface Said {
  type: 'said';
  key: string;
  /** Values, names that are data, or further catalogue texts. */
  params?: Record<string, TextParam>;
  choices?: SaidChoice[];
  purpose: Extract<Purpose, 'reply' | 'opt-out-ack'>;
}

/** A choice by catalogue key, or by a name that is data (a service, a language's own name). */
export interface SaidChoice {
  id: string;
  title: { key: string } | { name: string };
}

export interface LanguageChanged {
  type: 'language-changed';
  language: LanguageCode;
  by: 'resident' | 'detected';
}

export interface ConsentRecorded {
  type: 'consent-recorded';
  purpose: 'store' | 'follow-up';
  given: boolean;
}

export interface ExperienceStarted {
  type: 'experience-started';
  experience: number;
  pathway: { id: string; version: number };
}

/** `answer` null takes an earlier answer back. */
export interface AnswerRecorded {
  type: 'answer-recorded';
  experience: number;
  question: string;
  answer: Answer | null;
}

/** All codings of the experience as they now follow from its answers and story: replaces those of origin resident and suggested. */
export interface ExperienceCoded {
  type: 'experience-coded';
  experience: number;
  codings: Omit<Coding, 'at'>[];
}

export interface ExperienceEnded {
  type: 'experience-ended';
  experience: number;
  outcome: 'complete' | 'partial' | 'declined' | 'handed-over';
}

export interface OptedOut {
  type: 'opted-out';
}

export interface OptedIn {
  type: 'opted-in';
}

export interface PersonRequested {
  type: 'person-requested';
}

/** Confirmed by the resident: everything about them goes, except the opt-out ledger. */
export interface ErasureRequested {
  type: 'erasure-requested';
}
