import { messageKey, words } from './normalise.ts';
import { wordsFor } from './words.ts';

const NUMBER_WORDS = new Map(
  Array.from({ length: 10 }, (_, index) => index + 1).flatMap((value) =>
    wordsFor(`number.${value}`).map((word): [string, number] => [messageKey(word), value]),
  ),
);
const SILENT = new Set(['and', 'filler'].flatMap(wordsFor).flatMap((word) => words(word)));
const OUT_OF = new RegExp(`^(\\d+)\\s*(?:/|${wordsFor('out-of').map((word) => messageKey(word)).join('|')})\\s*(\\d+)$`, 'u'); // prettier-ignore

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
  const stars = text.match(/[⭐★🌟]/gu)?.length;
  if (stars !== undefined && words(text).length === 0) return stars <= 5 ? stars / 5 : undefined;
  const key = text.includes('/') ? messageKey(text.replaceAll('/', ' zzz ')).replace('zzz', '/') : messageKey(text);
  const [, part, whole] = OUT_OF.exec(key) ?? [];
  if (part === undefined || whole === undefined) return undefined;
  const fraction = Number(part) / Number(whole);
  return Number(whole) >= 3 && fraction <= 1 ? fraction : undefined;
}
