import type { Sentiment } from './lexicon.ts';
import { isBetweenEquals, type Hit, type ReadWord } from './match.ts';

/** What the words of a story judge, word by word. */
export interface Mood {
  /** +1, -1 or 0 for each word, after negation. */
  at: number[];
  overall: Sentiment | undefined;
}

/** How far a judgement reaches from its word, and how many words a comma or `and` counts for. */
const REACH = 10;
const SOFT_BREAK_COST = 3;
/** So near a negated topic a judgement has itself been read with the negation: `no problem with the service`. */
const BESIDE = 3;

const opposite = { positive: 'negative', negative: 'positive', neutral: 'neutral' } as const;

const sign = (value: number): Sentiment => (value > 0 ? 'positive' : value < 0 ? 'negative' : 'neutral');

export const isNegated = (hit: Hit, negated: readonly boolean[]): boolean =>
  hit.form.negatable && negated[hit.at[0] ?? 0] === true;

/** Lays the sentiment words found over the story. */
export function moodOf(words: readonly ReadWord[], hits: readonly Hit[], negated: readonly boolean[]): Mood {
  const at = words.map(() => 0);
  for (const hit of hits) {
    if (hit.form.kind !== 'sentiment') continue;
    const turns = isNegated(hit, negated);
    const value = (hit.form.sentiment === 'positive') === turns ? -1 : 1;
    for (const index of hit.at) at[index] = value;
  }
  const sum = hits.reduce((total, hit) => total + (hit.form.kind === 'sentiment' ? (at[hit.at[0] ?? 0] ?? 0) : 0), 0);
  const any = hits.some((hit) => hit.form.kind === 'sentiment');
  return { at, overall: any ? sign(sum) : undefined };
}

interface Nearest {
  distance: number;
  value: number;
}

function nearestOneWay(words: readonly ReadWord[], mood: Mood, from: number, step: 1 | -1): Nearest | undefined {
  const clause = words[from]?.clause;
  let distance = 0;
  for (let index = from; distance <= REACH; index += step) {
    const word = words[index];
    if (word?.clause !== clause) return undefined;
    const value = mood.at[index] ?? 0;
    if (value !== 0) return { distance, value };
    distance += isBetweenEquals(step === 1 ? words[index + 1] : word) ? 1 + SOFT_BREAK_COST : 1;
  }
  return undefined;
}

function nearest(words: readonly ReadWord[], mood: Mood, hit: Hit): Nearest | undefined {
  const back = nearestOneWay(words, mood, hit.at.at(-1) ?? 0, -1);
  const on = nearestOneWay(words, mood, hit.at[0] ?? 0, 1);
  if (back === undefined || on === undefined) return back ?? on;
  return on.distance < back.distance ? on : back;
}

/**
 * What the story says about the thing a form names: the form's own judgement, else the nearest judgement of the clause, else
 * what the form leans to. A negation turns the form's own judgement and makes a bare topic negative (`no information`).
 * @returns undefined where the story does not say
 */
export function sentimentOfHit(
  hit: Hit,
  words: readonly ReadWord[],
  mood: Mood,
  negated: readonly boolean[],
): Sentiment | undefined {
  const { sentiment, leans } = hit.form;
  const turns = isNegated(hit, negated);
  if (sentiment !== undefined) return turns ? opposite[sentiment] : sentiment;
  const near = nearest(words, mood, hit);
  const nearby = near && sign(near.value);
  if (turns && (near?.distance ?? Infinity) > BESIDE) return opposite[leans ?? 'positive'];
  return nearby ?? leans;
}

/** One sentiment from several weighted ones; neutral where they are in balance, undefined where there are none. */
export function combineSentiments(
  parts: readonly { sentiment: Sentiment | undefined; weight: number }[],
): Sentiment | undefined {
  const told = parts.filter((part) => part.sentiment !== undefined);
  if (told.length === 0) return undefined;
  const value = (part: (typeof told)[number]): number =>
    part.sentiment === 'positive' ? part.weight : part.sentiment === 'negative' ? -part.weight : 0;
  const sum = told.reduce((total, part) => total + value(part), 0);
  return sign(Math.abs(sum) < 1e-9 ? 0 : sum);
}
