import type { LanguageCode } from '../models/vocabulary.ts';
import { ara } from './locales/ara/locale.ts';
import { ben } from './locales/ben/locale.ts';
import { eng } from './locales/eng/locale.ts';

/** Whose words these are. Machine drafts await a community translator; what speaks of safety must say so until then. */
export interface LocaleMeta {
  language: LanguageCode;
  /** What the language calls itself. */
  name: string;
  englishName: string;
  direction: 'ltr' | 'rtl';
  status: 'machine-drafted' | 'community-reviewed';
  by: string;
  /** ISO date of the last draft or review. */
  when: string;
}

/** Everything we can say in one language: namespace -> key -> text, in i18next's JSON format v4. */
export interface Locale {
  meta: LocaleMeta;
  texts: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** JSON modules widen literals to string, so the closed ones are checked where they enter. */
function locale(raw: { meta: Record<keyof LocaleMeta, string>; texts: Locale['texts'] }): Locale {
  const { status, direction } = raw.meta;
  if (status !== 'machine-drafted' && status !== 'community-reviewed') throw new Error(`Unknown status ${status}`);
  if (direction !== 'ltr' && direction !== 'rtl') throw new Error(`Unknown direction ${direction}`);
  return { texts: raw.texts, meta: { ...raw.meta, status, direction } };
}

/** The languages we write in; the first is the one we fall back to. */
export const LOCALES: readonly Locale[] = [locale(eng), locale(ben), locale(ara)];
