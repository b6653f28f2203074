import type { Catalogue } from '../languages/catalogue.ts';
import { words } from '../languages/normalise.ts';
import { skeleton } from '../languages/skeleton.ts';
import { stem } from '../languages/stem.ts';
import { Vocabulary, type Token } from '../languages/vocabulary.ts';
import { wordsFor } from '../languages/words.ts';
import type { Question } from './pathways.ts';

const EMOJI = /\p{Extended_Pictographic}/gu;
const LONGEST_PHRASE = 6;
/** Greetings, thanks, yes and no take no more words than this. */
const LONGEST_REMARK = 10;

/** The words and emoji of a text, folded, in order. An Arabic "and" written onto a number is cut off: "و٣" is "3". */
export function answerTokens(text: string): string[] {
  const emoji = text.match(EMOJI) ?? [];
  return [...words(text).map((word) => word.replace(/^و(?=\d)/u, '')), ...emoji];
}

/** What a text says in terms of a phrasebook. */
export interface Heard {
  /** Meanings in the order said, each once. */
  meanings: string[];
  /** Words that neither mean something here nor are mere filling. */
  unknown: string[];
}

/** The phrases that mean something for one question, in every language: its options' words and their titles. */
export class Phrasebook {
  private readonly phrases = new Map<string, string>();
  private readonly briefOnly: ReadonlySet<string>;
  private readonly vocabulary: Vocabulary;

  /** `entries`: meaning -> phrases. Where two meanings share a phrase, the first keeps it. `briefOnly`: phrases of these that count in brief texts alone. */
  constructor(
    entries: Iterable<readonly [meaning: string, phrases: readonly string[]]>,
    briefOnly: readonly string[] = [],
  ) {
    this.briefOnly = new Set(briefOnly.map((phrase) => answerTokens(phrase).join(' ')));
    const tokens: Token[] = [];
    for (const [meaning, phrases] of entries) {
      for (const phrase of phrases) tokens.push(...this.add(meaning, phrase));
    }
    this.vocabulary = new Vocabulary(tokens);
  }

  /**
   * Reads a text. In a brief one typing slips are forgiven, and words count that are everywhere in a story ("after", "good"): there
   * they would be misread.
   */
  hear(text: string, brief: boolean): Heard {
    const said = answerTokens(text.slice(0, 4096));
    const known = this.knownWords(said, brief);
    const meanings = new Set<string>();
    const unknown: string[] = [];
    for (let at = 0; at < said.length;) {
      const found = this.longestAt(said, known, at, brief);
      if (found) meanings.add(found.meaning);
      else if (!isFiller(said[at] ?? '')) unknown.push(said[at] ?? '');
      at += found?.length ?? 1;
    }
    return { meanings: [...meanings], unknown };
  }

  private add(meaning: string, phrase: string): Token[] {
    const tokens = answerTokens(phrase);
    const key = tokens.join(' ');
    if (key !== '' && !this.phrases.has(key)) this.phrases.set(key, meaning);
    return tokens.map((word) => ({ word, stem: stem(word), bones: skeleton(word) }));
  }

  private longestAt(
    said: readonly string[],
    known: readonly string[],
    at: number,
    brief: boolean,
  ): { meaning: string; length: number } | undefined {
    for (let length = Math.min(LONGEST_PHRASE, said.length - at); length >= 1; length -= 1) {
      const phrase = [said, known]
        .map((words) => words.slice(at, at + length).join(' '))
        .find((key) => this.phrases.has(key));
      const meaning = phrase === undefined ? undefined : this.phrases.get(phrase);
      if (meaning !== undefined && (brief || !this.briefOnly.has(phrase ?? ''))) return { meaning, length };
    }
    return undefined;
  }

  /** For each word the word of a phrase that it is most like; empty where there is none. */
  private knownWords(said: readonly string[], typos: boolean): string[] {
    return said.map((word) => {
      const alike = this.vocabulary.alike({ word, stem: stem(word), bones: '' }, { typos, bones: false });
      let nearest = '';
      let best = 0;
      for (const [candidate, likeness] of alike) if (likeness > best) [nearest, best] = [candidate, likeness];
      return nearest;
    });
  }
}

const FILLER = new Set(['filler', 'and'].flatMap((meaning) => wordsFor(meaning)).flatMap((word) => words(word)));

export function isFiller(word: string): boolean {
  return FILLER.has(word);
}

/** The phrasebook of a question. Titles in all languages and forms count as words for their option; `*` chooses all. */
export function phrasebookOf(question: Question, catalogue: Catalogue): Phrasebook {
  const options = question.options.map(({ id, title, words: meanings }) => {
    const phrases = meanings.flatMap((meaning) => [...wordsFor(meaning), ...wordsFor(`${meaning}${BRIEF}`)]);
    return [id, [...catalogue.variants(title), ...phrases]] as const;
  });
  const briefOnly = question.options.flatMap(({ words: meanings }) =>
    meanings.flatMap((meaning) => wordsFor(`${meaning}${BRIEF}`)),
  );
  return new Phrasebook([...options, [ALL, question.all.flatMap(wordsFor)], [NOT, wordsFor('negation')]], briefOnly);
}

/** Ending of the list of a meaning's words that count in brief answers only (languages/words). */
const BRIEF = '.brief';

/** Meaning of words that choose every option. */
export const ALL = '*';
/** Meaning of a "not" that belongs to no known phrase: what stands beside it cannot be taken at its word. */
export const NOT = '!';

/** Whether a whole text is made of phrases of these meanings, give or take filling words. */
export function isWholly(text: string, ...meaning: string[]): boolean {
  if (text.length > 200 || words(text).length > LONGEST_REMARK) return false;
  const { meanings, unknown } = bookFor(meaning).hear(text, text.length > 5);
  return meanings.length > 0 && unknown.length === 0;
}

const BOOKS = new Map<string, Phrasebook>();

function bookFor(meanings: readonly string[]): Phrasebook {
  const key = meanings.join(' ');
  const book = BOOKS.get(key) ?? new Phrasebook(meanings.map((meaning) => [meaning, wordsFor(meaning)]));
  BOOKS.set(key, book);
  return book;
}
