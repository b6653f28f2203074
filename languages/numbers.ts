import { messageKey, words } from './normalise.ts';
import { wordsFor } from './words.ts';

const NUMBER_WORDS = new Map(
  Array.from({ length: 10 }, (_, index) => index + 1).flatMap((value) =>
    wordsFor(`number.${value}`).map((word): [string, number] => [messageKey(word), value]),
  ),
);
const SILENT = new Set(['and', 'filler'].flatMap(wordsFor).flatMap((word) => words(word)));
/** Stands for a slash, which is no word. */
const SLASH = 'outof';
const OUT_OF = new RegExp(
  String.raw`^(\d+) (?:${[SLASH, ...wordsFor('out-of').map(messageKey)].join('|')}) (\d+)$`,
  'u',
);

/**
 * The numbers a message consists of, in digits of any script or in words: "1 and 3", "১ ও ৩", "١ و٣", "two". Undefined when it says
 * anything else beside.
 */
export function readNumbers(text: string): number[] | undefined {
  if (text.length > 100) return undefined;
  const said = words(text).map((word) => word.replace(/^و(?=\d)/u, '')).filter((word) => !SILENT.has(word)); // prettier-ignore
  const numbers = said.map((word) => (/^\d{1,6}$/.test(word) ? Number(word) : NUMBER_WORDS.get(word)));
  if (numbers.length === 0) return undefined;
  return numbers.every((number) => number !== undefined) ? numbers : undefined;
}

/** A mark out of a whole, 0..1: "4/5", "8 out of 10", "٨ من ١٠", "⭐⭐⭐⭐" (out of five). Undefined when it is none. */
export function readFraction(text: string): number | undefined {
  if (text.length > 100) return undefined;
  return readStars(text) ?? readMark(text);
}

function readStars(text: string): number | undefined {
  const stars = text.match(/[⭐★🌟]/gu)?.length ?? 0;
  return stars >= 1 && stars <= 5 && words(text).length === 0 ? stars / 5 : undefined;
}

function readMark(text: string): number | undefined {
  const [, part, whole] = OUT_OF.exec(messageKey(text.replaceAll('/', ` ${SLASH} `))) ?? [];
  const mark = Number(part) / Number(whole);
  return Number(whole) >= 3 && mark <= 1 ? mark : undefined;
}
