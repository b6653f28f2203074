import type { LanguageCode } from '../models/vocabulary.ts';
import { compileLexicon, readLexicon, type Lexicon } from './lexicon.ts';
import arabicFile from './lexicons/ara.json' with { type: 'json' };
import bengaliFile from './lexicons/ben.json' with { type: 'json' };
import englishFile from './lexicons/eng.json' with { type: 'json' };

const english = readLexicon(englishFile);
const bengali = readLexicon(bengaliFile);
const arabic = readLexicon(arabicFile);

/**
 * Bengali and Arabic stories in London hold English words (appointment, GP), so English is read beside them. Each group is
 * compiled when the first story needs it: starting the service need not wait for it.
 */
const groups = {
  eng: once(() => compileLexicon([english])),
  ben: once(() => compileLexicon([bengali, english])),
  ara: once(() => compileLexicon([arabic, english])),
  all: once(() => compileLexicon([english, bengali, arabic])),
};

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

/** Which words a language is read with. Sylheti and Chittagonian share most of Bengali's words for services. */
const GROUP_OF: Readonly<Record<string, keyof typeof groups>> = {
  eng: 'eng',
  ben: 'ben',
  syl: 'ben',
  ctg: 'ben',
  ara: 'ara',
  arb: 'ara',
  und: 'all',
};

/**
 * The lexicon a story in this language is read with: by its ISO 639-3 code, a script after it or not (`ben-Latn`); an undecided
 * story (`und`) is read with all of them.
 * @returns undefined for a language that has none
 */
export function lexiconFor(language: LanguageCode): Lexicon | undefined {
  const [base = ''] = language.split('-');
  const group = GROUP_OF[base];
  return group === undefined ? undefined : groups[group]();
}
