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

/** Ranges of UTF-16 code units, ends included; enough to tell the three scripts apart, and faster than Unicode properties. */
const RANGES: readonly (readonly [number, number, Script])[] = [
  [0x41, 0x5a, 'Latn'],
  [0x61, 0x7a, 'Latn'],
  [0xc0, 0x24f, 'Latn'],
  [0x600, 0x77f, 'Arab'],
  [0x980, 0x9ff, 'Beng'],
  [0xfb50, 0xfdff, 'Arab'],
  [0xfe70, 0xfeff, 'Arab'],
];

/** The script of the first letter that belongs to one of them. */
function scriptOf(word: string): Script {
  for (let at = 0; at < word.length; at += 1) {
    const unit = word.charCodeAt(at);
    for (const [from, to, script] of RANGES) if (unit >= from && unit <= to) return script;
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
  const stem = stemEnglish(folded);
  return { folded, forms: stem === folded ? [folded] : [folded, stem] };
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
