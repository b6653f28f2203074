import type { Form, Lexicon } from './lexicon.ts';
import { correctTypo } from './typos.ts';
import type { Word } from './words.ts';

/** A word of the story with what the lexicon knows about it. */
export interface ReadWord extends Word {
  keys: ReadonlySet<string>;
  /** Number of the clause it stands in. */
  clause: number;
}

/** Whether a comma or `and` stands before the word. */
export const isBetweenEquals = (word: ReadWord | undefined): boolean =>
  word?.break === 'soft' || word?.break === 'joint';

/** A form found in the story: the indices of its words, in order. */
export interface Hit {
  form: Form;
  at: number[];
}

/** Adds the keys `begin*` under which a form is known; slices are only turned into keys where a prefix exists. */
function addPrefixes(form: string, lexicon: Lexicon, keys: Set<string>): void {
  for (const length of lexicon.prefixLengths) {
    if (form.length < length) return; // lengths rise
    const begin = form.slice(0, length);
    if (lexicon.prefixes.has(begin)) keys.add(`${begin}*`);
  }
}

function keysOf(word: Word, lexicon: Lexicon): Set<string> {
  const keys = new Set<string>();
  if (lexicon.exact.has(word.folded)) keys.add(`=${word.folded}`);
  for (const form of word.forms) {
    if (lexicon.vocabulary.has(form)) keys.add(form);
    addPrefixes(form, lexicon, keys);
  }
  if (keys.size === 0) {
    const meant = correctTypo(word.forms, lexicon.typos);
    if (meant !== undefined) keys.add(meant);
  }
  return keys;
}

const hasAny = (keys: ReadonlySet<string>, wanted: ReadonlySet<string>): boolean => {
  for (const key of keys) if (wanted.has(key)) return true;
  return false;
};

/** Whether و is written onto the word and is no letter of it. */
const holdsArabicAnd = (word: Word, lexicon: Lexicon): boolean =>
  word.folded.startsWith('و') && word.folded.length > 3 && !lexicon.vocabulary.has(word.folded);

/** Looks every word up and numbers the clauses: a hard break or a word like `but` begins a new one, `and` joins. */
export function readWords(words: readonly Word[], lexicon: Lexicon): ReadWord[] {
  let clause = 0;
  return words.map((word) => {
    const keys = keysOf(word, lexicon);
    const begins = word.break === 'hard' || hasAny(keys, lexicon.clauseWords);
    if (begins) clause += 1;
    const joins = word.break === 'none' && (hasAny(keys, lexicon.joiningWords) || holdsArabicAnd(word, lexicon));
    const { start, end, folded, forms } = word;
    return { start, end, folded, forms, break: begins ? 'hard' : joins ? 'joint' : word.break, keys, clause };
  });
}

function matchAt(words: readonly ReadWord[], start: number, form: Form): number[] | undefined {
  const at = [start];
  for (let part = 1; part < form.keys.length; part += 1) {
    const from = (at.at(-1) ?? start) + 1;
    const found = findKey(words, from, from + (form.gaps[part] ?? 0), form.keys[part] ?? '');
    if (found === undefined) return undefined;
    at.push(found);
  }
  return at;
}

/** Looks for a key among the next words, up to a comma or the end of the clause. */
function findKey(words: readonly ReadWord[], from: number, to: number, key: string): number | undefined {
  for (let index = from; index <= to; index += 1) {
    const word = words[index];
    if (word === undefined || word.break === 'hard' || word.break === 'soft') return undefined;
    if (word.keys.has(key)) return index;
  }
  return undefined;
}

/** Every form found, each start at most once per form; the work is bounded by words × forms that share a first word. */
export function findHits(words: readonly ReadWord[], lexicon: Lexicon): Hit[] {
  const hits: Hit[] = [];
  for (const [start, word] of words.entries()) {
    for (const key of word.keys) {
      for (const form of lexicon.byFirstKey.get(key) ?? []) {
        const at = matchAt(words, start, form);
        if (at !== undefined) hits.push({ form, at });
      }
    }
  }
  return hits;
}

/**
 * Drops hits whose words are all part of longer hits: in `waiting room` nobody says that they waited.
 * Stages, issues and sentiment are told apart, each among its own.
 */
export function longestHits(hits: readonly Hit[]): Hit[] {
  const cover: Record<Form['kind'], Map<number, number>> = {
    issue: new Map(),
    stage: new Map(),
    sentiment: new Map(),
    except: new Map(),
  };
  for (const { form, at } of hits) {
    const longest = cover[form.kind];
    for (const index of at) if ((longest.get(index) ?? 0) < at.length) longest.set(index, at.length);
  }
  return hits.filter(({ form, at }) => at.some((index) => (cover[form.kind].get(index) ?? 0) <= at.length));
}
