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
  /** What stands between the word before and this one: nothing, a word like `and`, a comma, the end of a sentence. */
  break: 'none' | 'joint' | 'soft' | 'hard';
}

type Script = 'Latn' | 'Beng' | 'Arab' | 'other';

/** Longer runs of letters are no words; they are kept in place but match nothing. */
const LONGEST_WORD = 40;

const WORDS = /[\p{L}\p{M}\p{N}'’‘ʼ\u200c\u200d]+/gu;
const HARD_BREAK = /[.!?;:\n\r।॥؟؛…]/u;
const SOFT_BREAK = /[,،()–—/&]|[\p{Extended_Pictographic}]| - /u;

/** Script by the first letter of one of the three; ranges of code units are enough, and fast. */
function scriptOf(word: string): Script {
  for (let at = 0; at < word.length; at += 1) {
    const unit = word.charCodeAt(at);
    if ((unit >= 0x61 && unit <= 0x7a) || (unit >= 0x41 && unit <= 0x5a) || (unit >= 0xc0 && unit < 0x250)) return 'Latn';
    if (unit >= 0x980 && unit < 0xa00) return 'Beng';
    if ((unit >= 0x600 && unit < 0x780) || (unit >= 0xfb50 && unit < 0xfe00) || (unit >= 0xfe70 && unit < 0xff00)) return 'Arab';
  }
  return 'other';
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
  if (gap === ' ') return 'none';
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
