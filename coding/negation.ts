import type { Lexicon } from './lexicon.ts';
import { isBetweenEquals, type Hit, type ReadWord } from './match.ts';

function known(word: ReadWord, among: ReadonlySet<string>): boolean {
  for (const key of word.keys) if (among.has(key)) return true;
  return false;
}

const MIN_VERB = 2;

const endsNegative = (word: ReadWord, endings: readonly string[]): boolean =>
  endings.some((ending) => word.folded.endsWith(ending) && word.folded.length - ending.length > MIN_VERB);

/** Turns the mark of up to `reach` words from `from` in one direction, until the clause or a comma ends. */
function mark(negated: boolean[], words: readonly ReadWord[], from: number, step: 1 | -1, reach: number): void {
  const clause = words[from]?.clause;
  for (let taken = 1; taken <= reach; taken += 1) {
    const at = from + step * taken;
    const word = words[at];
    // A comma or `and` stands before its word: it ends the scope on the way there, or on the way back from the next one.
    const crossed = step === 1 ? word : words[at + 1];
    if (word?.clause !== clause || isBetweenEquals(crossed)) return;
    negated[at] = true;
  }
}

/**
 * Which words stand under a negation, by a simple scope: the words after `not` and `لم`, or before `না`, up to the lexicon's
 * reach, within the clause, and not past a comma or `and`. Phrases like `not only` negate nothing.
 */
export function negatedWords(words: readonly ReadWord[], hits: readonly Hit[], lexicon: Lexicon): boolean[] {
  const negated = words.map(() => false);
  const exempt = new Set(hits.filter((hit) => hit.form.kind === 'except').flatMap((hit) => hit.at));
  for (const [at, word] of words.entries()) {
    if (exempt.has(at)) continue;
    if (known(word, lexicon.negatesAfter)) mark(negated, words, at, 1, lexicon.reach);
    if (known(word, lexicon.negatesBefore)) mark(negated, words, at, -1, lexicon.reach);
    if (endsNegative(word, lexicon.negativeEndings)) {
      negated[at] = true;
      mark(negated, words, at, -1, lexicon.reach);
    }
  }
  return negated;
}
