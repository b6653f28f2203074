import type { Choice } from '../../models/vocabulary.ts';

/**
 * A text with its choices as a numbered list, for where there are no buttons. European digits, full stop, space: residents may
 * answer in any digits. Pure; the same at splitting, at sending and at reconciling.
 */
export function numbered(text: string, choices: readonly Choice[] | undefined): string {
  if (choices === undefined || choices.length === 0) return text;
  const list = numberedList(choices);
  return text === '' ? list : `${text}\n${list}`;
}

/** The list alone, one choice a line. `first` is the number of the first. */
export function numberedList(choices: readonly Choice[], first = 1): string {
  return choices.map((choice, index) => `${first + index}. ${oneLine(choice.title)}`).join('\n');
}

/** Line breaks and runs of space inside a title would break a list, a button, or a template variable. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
