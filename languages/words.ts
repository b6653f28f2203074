import ara from './words/ara.json' with { type: 'json' };
import ben from './words/ben.json' with { type: 'json' };
import eng from './words/eng.json' with { type: 'json' };
import zxx from './words/zxx.json' with { type: 'json' };
import type { LanguageCode } from '../models/vocabulary.ts';

/**
 * What people write for the things a dialog may mean, as data: meaning (`yes`, `rating.good`, `service-kind.gp`) -> their words,
 * one file per language in words/. A list ending in `.brief` counts in brief answers only. `zxx` (ISO 639-3: no linguistic content) holds emoji.
 */
const LANGUAGES: Readonly<Record<LanguageCode, Readonly<Record<string, readonly string[]>>>> = { eng, ben, ara, zxx };

/** Everything said for a meaning, in every language together: an answer is understood whatever language it comes in. */
export function wordsFor(meaning: string): readonly string[] {
  return Object.values(LANGUAGES).flatMap((language) => language[meaning] ?? []);
}

/** The same, language by language, for those who must know which language a word is evidence of. */
export function wordsByLanguage(meaning: string): { language: LanguageCode; words: readonly string[] }[] {
  return Object.entries(LANGUAGES).map(([language, meanings]) => ({ language, words: meanings[meaning] ?? [] }));
}

/** Every meaning that some language has words for. */
export function meanings(): string[] {
  return [...new Set(Object.values(LANGUAGES).flatMap((language) => Object.keys(language)))];
}
