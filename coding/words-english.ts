/** Vowels decide whether a doubled consonant came from an ending (`stopped`) or belongs to the word (`call`). */
const KEPT_DOUBLES = new Set(['ll', 'ss', 'ff', 'zz']);

function undouble(stem: string): string {
  const tail = stem.slice(-2);
  return tail.length === 2 && tail.startsWith(tail.charAt(1)) && !KEPT_DOUBLES.has(tail) ? stem.slice(0, -1) : stem;
}

function withoutPlural(word: string): string {
  if (word.endsWith('ies') && word.length > 4) return `${word.slice(0, -3)}y`;
  if (word.endsWith('sses') || word.endsWith('shes') || word.endsWith('ches')) return word.slice(0, -2);
  if (word.endsWith('s') && !/(?:ss|us|is)$/.test(word)) return word.slice(0, -1);
  return word;
}

const PLAIN = /^[a-z0-9]+$/;

/** Latin letters without case, accents and apostrophes: `Didn’t` → `didnt`. */
export function foldLatin(word: string): string {
  if (PLAIN.test(word)) return word;
  return word
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\p{M}'’‘ʼ\u200c\u200d]/gu, '');
}

/**
 * A light stem of a folded word: plural, -ing, -ed and a final -e go, nothing else. Short words stay whole, so that `caring` does
 * not become `car`. Both the lexicon and the story go through it, so a stem need not be a word.
 */
export function stemEnglish(word: string): string {
  if (word.length < 4) return word;
  let stem = withoutPlural(word);
  if (stem.endsWith('ing') && stem.length >= 7) stem = undouble(stem.slice(0, -3));
  else if (stem.endsWith('ied') && stem.length >= 5) stem = `${stem.slice(0, -3)}y`;
  else if (stem.endsWith('ed') && stem.length >= 6) stem = undouble(stem.slice(0, -2));
  return stem.endsWith('e') && stem.length >= 5 ? stem.slice(0, -1) : stem;
}
