import type { Lexicon, Sentiment } from './lexicon.ts';
import { findHits, longestHits, readWords, type Hit, type ReadWord } from './match.ts';
import { negatedWords } from './negation.ts';
import { combineSentiments, moodOf, sentimentOfHit } from './sentiment.ts';
import { wordsOf } from './words.ts';

/** One piece of evidence for a code. */
export interface Evidence {
  kind: 'issue' | 'stage';
  code: string;
  form: string;
  weight: number;
  sentiment: Sentiment | undefined;
  written: string;
}

const LONGEST_QUOTE = 80;

function asWritten(text: string, words: readonly ReadWord[], hit: Hit): string {
  const first = words[hit.at[0] ?? 0];
  const last = words[hit.at.at(-1) ?? 0];
  const slice = text.slice(first?.start, last?.end);
  return slice.length <= LONGEST_QUOTE ? slice : `${Array.from(slice).slice(0, LONGEST_QUOTE).join('')}…`;
}

/** What the words of a story say: evidence for codes, and its mood as a whole. */
export interface Reading {
  evidence: Evidence[];
  overall: Sentiment | undefined;
}

function readText(text: string, lexicon: Lexicon): Reading {
  const words = readWords(wordsOf(text), lexicon);
  const hits = longestHits(findHits(words, lexicon));
  const negated = negatedWords(words, hits, lexicon);
  const mood = moodOf(words, hits, negated);
  const evidence = hits.flatMap((hit): Evidence[] => {
    const { kind, code, weight, written } = hit.form;
    if (kind !== 'issue' && kind !== 'stage') return [];
    const sentiment = sentimentOfHit(hit, words, mood, negated);
    return [{ kind, code, form: written, weight, sentiment, written: asWritten(text, words, hit) }];
  });
  return { evidence, overall: mood.overall };
}

/** Evidence is independent, and the same form said twice is no more of it: 1 - Π (1 - weight). */
export function scoreOf(evidence: readonly Evidence[]): number {
  const weights = new Map(evidence.map((piece) => [piece.form, piece.weight]));
  return 1 - [...weights.values()].reduce((left, weight) => left * (1 - weight), 1);
}

/** Reads the texts of one experience. Linear in their length. */
export function readEvidence(texts: readonly string[], lexicon: Lexicon): Reading {
  const read = texts.map((text) => readText(text, lexicon));
  return {
    evidence: read.flatMap((part) => part.evidence),
    overall: combineSentiments(read.map((part) => ({ sentiment: part.overall, weight: 1 }))),
  };
}

/** Evidence grouped by the code it speaks for, in order of appearance. */
export function byCode(evidence: readonly Evidence[]): Map<string, Evidence[]> {
  const codes = new Map<string, Evidence[]>();
  for (const piece of evidence) {
    const same = codes.get(piece.code);
    if (same === undefined) codes.set(piece.code, [piece]);
    else same.push(piece);
  }
  return codes;
}
