import type { Choice } from '../../models/vocabulary.ts';
import type { Part } from '../channel.ts';
import { interactiveOf, MAX_INTERACTIVE_BODY } from './interactive.ts';
import { numbered, numberedList } from './numbered.ts';
import { MAX_PIECE, splitText } from './split.ts';

/**
 * WhatsApp: pieces under 1,500 characters. Choices travel as buttons or a list on the last piece, whose text then has no numbers;
 * where they cannot, they are numbered in the text. The last piece always leaves room for the numbers, so that falling back to
 * them at sending never makes it too long.
 */
export function whatsappParts(text: string, choices?: readonly Choice[]): Part[] {
  const clean = text.replaceAll('\0', '');
  const pieces = splitText(clean, (piece) => piece.length < MAX_PIECE);
  if (choices === undefined || choices.length === 0) return pieces.map((piece) => ({ text: piece }));
  const room = MAX_PIECE - numberedList(choices).length - 2;
  if (room < 1) return [...pieces, ...longList(choices)].map((piece) => ({ text: piece }));
  const tail = splitText(pieces.pop() ?? '', (piece) => piece.length <= Math.min(room, MAX_INTERACTIVE_BODY));
  const last = tail.pop() ?? '';
  const asked: Part = interactiveOf(last, choices)
    ? { text: last, choices: [...choices] }
    : { text: numbered(last, choices) };
  return [...[...pieces, ...tail].map((piece) => ({ text: piece })), asked];
}

function longList(choices: readonly Choice[]): string[] {
  return splitText(numberedList(choices), (piece) => piece.length < MAX_PIECE);
}
