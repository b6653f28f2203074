import { arabicForms, foldArabic } from './words-arabic.ts';
import { bengaliForms, foldBengali } from './words-bengali.ts';
import { foldLatin, stemEnglish } from './words-english.ts';

/** A word of a story: where it stands in the text as written, and under which shapes a lexicon may know it. */
export interface Word {
  start: number;
  end: number;
  /** Case, accents and spelling variants folded; no ending taken off. */
  folded: string;
  /** `folded` and its stems. */
  forms: string[];
  /** What stands between the word before and this one. */
  break: 'none' | 'soft' | 'hard';
}

type Script = 'Latn' | 'Beng' | 'Arab' | 'other';

/** Longer runs of letters are no words; they are kept in place but match nothing. */
const LONGEST_WORD = 40;

const WORDS = /[\p{L}\p{M}\p{N}'’‘ʼ\u200c\u200d]+/gu;
const HARD_BREAK = /[.!?;:\n\r।॥؟؛…]/u;
const SOFT_BREAK = /[,،()–—/&]|[\p{Extended_Pictographic}]| - /u;

function scriptOf(word: string): Script {
  const letter = /[\p{L}]/u.exec(word)?.[0] ?? '';
  if (/\p{Script=Latin}/u.test(letter)) return 'Latn';
  if (/\p{Script=Bengali}/u.test(letter)) return 'Beng';
  return /\p{Script=Arabic}/u.test(letter) ? 'Arab' : 'other';
}

/** Folds a word of any script as a lexicon and a story are folded. */
export function foldWord(word: string): string {
  const script = scriptOf(word);
  if (script === 'Beng') return foldBengali(word);
  return script === 'Arab' ? foldArabic(word) : foldLatin(word);
}

/** The shape under which a lexicon keeps a word: folded, and stemmed where the script is Latin. */
export function lexiconWord(word: string): string {
  const folded = foldWord(word);
  return scriptOf(word) === 'Latn' ? stemEnglish(folded) : folded;
}

function formsOf(written: string): { folded: string; forms: string[] } {
  if (written.length > LONGEST_WORD) return { folded: '', forms: [] };
  const script = scriptOf(written);
  const folded = foldWord(written);
  if (script === 'Beng') return { folded, forms: bengaliForms(folded) };
  if (script === 'Arab') return { folded, forms: arabicForms(folded) };
  return { folded, forms: [...new Set([folded, stemEnglish(folded)])] };
}

function breakBetween(gap: string): Word['break'] {
  if (HARD_BREAK.test(gap)) return 'hard';
  return SOFT_BREAK.test(gap) ? 'soft' : 'none';
}

/** Cuts a text into words in one pass. Whatever is no letter, mark or digit (U+0000 too) stands between words. */
export function wordsOf(text: string): Word[] {
  const words: Word[] = [];
  let last = 0;
  for (const match of text.matchAll(WORDS)) {
    const written = match[0];
    const { folded, forms } = formsOf(written);
    words.push({
      start: match.index,
      end: match.index + written.length,
      folded,
      forms,
      break: words.length === 0 ? 'hard' : breakBetween(text.slice(last, match.index)),
    });
    last = match.index + written.length;
  }
  return words;
}
