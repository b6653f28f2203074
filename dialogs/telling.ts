import { storable, words } from '../languages/normalise.ts';
import { answerTokens, isFiller, isWholly } from './phrasebook.ts';
import type { DialogTurn, Telling } from './turn.ts';

/** A story beyond this stays in its messages; the item keeps their ids. */
const LONGEST = 60_000;

/** What a message is when no question asked for it. */
export type Remark = 'story' | 'greeting' | 'courtesy' | 'nothing';

/**
 * Tells a story from a greeting ("hi", "salam"), a courtesy ("thanks, bye") and what says nothing (digits, emoji, a lone yes).
 * A greeting followed by something that happened is a story.
 */
export function remarkOf(turn: Pick<DialogTurn, 'text' | 'media'>): Remark {
  if (turn.media.length > 0) return 'story';
  const { text } = turn;
  if (answerTokens(text.slice(0, 400)).length === 0) return 'nothing';
  if (isWholly(text, 'courtesy')) return 'courtesy';
  if (isWholly(text, 'greeting', 'opener', 'courtesy')) return 'greeting';
  return tellsSomething(text) ? 'story' : 'nothing';
}

/** Three words, two telling ones, or one long one: "rude doctor", "অপেক্ষা". A lone yes, no or number is an answer to something we never asked. */
function tellsSomething(text: string): boolean {
  if (isWholly(text, 'yes', 'no')) return false;
  const said = words(text).filter((word) => /\p{L}/u.test(word));
  const telling = said.filter((word) => !isFiller(word));
  return said.length >= 3 || telling.length >= 2 || telling.some((word) => word.length >= 6);
}

/** Whether a message that came in the middle of a story may be part of it: any word but a greeting, thanks, yes or no. */
export function mayBelong({ text, media }: Pick<DialogTurn, 'text' | 'media'>): boolean {
  if (media.length > 0) return true;
  return /\p{L}/u.test(text) && !isWholly(text, 'greeting', 'opener', 'courtesy') && !isWholly(text, 'yes', 'no');
}

/** The telling with one more message at its end. Nothing is cut but what no one could read any more. */
export function extended(telling: Telling | undefined, turn: DialogTurn): Telling {
  const text = [telling?.text ?? '', storable(turn.text).trim()].filter((part) => part !== '').join('\n');
  return {
    text: text.length > LONGEST ? text.slice(0, LONGEST) : text,
    messageIds: [...new Set([...(telling?.messageIds ?? []), turn.messageId])],
    media: (telling?.media ?? 0) + turn.media.length,
  };
}

/** The first characters of what was written, on one line, for saying what was read. */
export function excerpt(text: string, length: number): string {
  const line = storable(text).replace(/\s+/gu, ' ').trim();
  const graphemes = [...new Intl.Segmenter().segment(line.slice(0, 400))].map(({ segment }) => segment);
  return graphemes.length <= length ? line : `${graphemes.slice(0, length - 1).join('')}…`;
}
