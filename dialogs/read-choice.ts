import { readFraction, readNumbers } from '../languages/numbers.ts';
import { words } from '../languages/normalise.ts';
import type { Question } from './pathways.ts';
import { ALL, NOT, type Phrasebook } from './phrasebook.ts';

/** What an answer to a question with options was understood as. `told`: it says more than the choice and belongs to the story. */
export type ChoiceReading = { values: string[]; told: boolean } | { values: null; told: boolean };

/** More words than this are telling, not choosing. */
const ANSWER_WORDS = 8;

/**
 * Reads numbers (of the choices as shown), marks ("4/5"), words and emoji in any language.
 * @param shown option ids in the order in which they were offered
 */
export function readChoice(
  text: string,
  question: Question,
  shown: readonly string[],
  book: Phrasebook,
): ChoiceReading {
  const byNumber = chosenByNumber(text, question, shown);
  if (byNumber !== undefined) return { values: accepted(byNumber, question), told: false };
  const count = words(text).length;
  const long = count > ANSWER_WORDS;
  const { meanings, unknown } = book.hear(text, !long);
  const said = meanings.filter(
    (id) => id !== NOT && (id === ALL || question.options.some((option) => option.id === id)),
  );
  const whole = unknown.length === 0;
  if (isYesNo(question)) return yesNo(text, said, whole, count, meanings.includes(NOT));
  if (meanings.includes(NOT) && !long) return { values: null, told: count > ANSWER_WORDS / 2 };
  const all = said.includes(ALL) && whole;
  const values = all ? question.options.map(({ id }) => id) : said.filter((id) => id !== ALL);
  return { values: accepted(values, question), told: long || (!whole && count > ANSWER_WORDS / 2) };
}

/** Two options called yes and no: here a stray word changes everything, so the whole message must be the answer. */
function isYesNo({ options }: Question): boolean {
  return options.length === 2 && options.every(({ id }) => id === 'yes' || id === 'no');
}

function yesNo(text: string, said: string[], whole: boolean, count: number, negated: boolean): ChoiceReading {
  const [first] = said;
  const told = !whole && count > 3;
  if (said.length !== 1 || first === undefined) return { values: null, told };
  if (whole && !negated) return { values: [first], told: false };
  const leads = first === 'yes' && /^[\s\p{P}]*[\p{L}\p{M}]+\s*[,.!:;،۔।\n–-]/u.test(text) && !negated;
  return leads ? { values: [first], told } : { values: null, told };
}

function chosenByNumber(text: string, question: Question, shown: readonly string[]): string[] | undefined {
  const marks = question.options.filter((option) => option.rating !== undefined);
  const fraction = marks.length > 0 ? readFraction(text) : undefined;
  if (fraction !== undefined) {
    const rating = Math.max(1, Math.round(fraction * marks.length));
    return marks.filter((option) => option.rating === rating).map(({ id }) => id);
  }
  const numbers = readNumbers(text.replaceAll('/', ' '));
  return numbers?.map((number) => shown[number - 1] ?? '');
}

/** All of them must be options, and only a multiple choice takes more than one. */
function accepted(values: readonly string[], { kind, options }: Question): string[] | null {
  const unique = [...new Set(values)];
  if (unique.length === 0 || (kind !== 'multi' && unique.length > 1)) return null;
  return unique.every((value) => options.some(({ id }) => id === value)) ? unique : null;
}
