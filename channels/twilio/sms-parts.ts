import type { Choice } from '../../models/vocabulary.ts';
import type { Part } from '../channel.ts';
import { plainIfCheaper, segmentsOf } from './gsm7.ts';
import { numbered, numberedList } from './numbered.ts';
import { MAX_PIECE, splitText } from './split.ts';

/** One to three segments a message (spec: channels.md). */
const MAX_SEGMENTS = 3;

/**
 * SMS: there are no buttons, so choices become a numbered list in the text. Pieces cost at most three segments, except a list,
 * which stays in one piece as long as Twilio takes it: half a list is worse than a fourth segment.
 */
export function smsParts(text: string, choices?: readonly Choice[]): Part[] {
  const pieces = splitText(plainIfCheaper(text.replaceAll('\0', '')), cheap);
  if (choices === undefined || choices.length === 0) return pieces.map((piece) => ({ text: piece }));
  const last = pieces.pop() ?? '';
  const together = plainIfCheaper(numbered(last, choices));
  if (cheap(together) || (last === '' && together.length <= MAX_PIECE)) return [...pieces, together].map(asPart);
  const lists = splitList(choices).map(plainIfCheaper);
  return [...pieces, last, ...lists].filter((piece) => piece !== '').map(asPart);
}

function cheap(piece: string): boolean {
  return segmentsOf(piece) <= MAX_SEGMENTS;
}

function asPart(text: string): Part {
  return { text };
}

/** The whole list, or as few pieces as Twilio's limit asks for, each of whole choices, numbered through. */
function splitList(choices: readonly Choice[]): string[] {
  const pieces: string[] = [];
  let lines: string[] = [];
  choices.forEach((choice, index) => {
    for (const line of splitText(numberedList([choice], index + 1), (piece) => piece.length < MAX_PIECE)) {
      if (lines.length > 0 && [...lines, line].join('\n').length > MAX_PIECE) {
        pieces.push(lines.join('\n'));
        lines = [];
      }
      lines.push(line);
    }
  });
  return [...pieces, lines.join('\n')];
}
