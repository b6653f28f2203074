import { matchCommand } from '../languages/commands.ts';
import { readNumbers } from '../languages/numbers.ts';
import { storable } from '../languages/normalise.ts';
import type { Answer } from '../models/vocabulary.ts';
import type { Question } from './pathways.ts';
import { isWholly, Phrasebook } from './phrasebook.ts';
import { readChoice } from './read-choice.ts';
import { readService, readServiceOption, type ServiceReading } from './read-service.ts';
import { optionOf, type Scene } from './scene.ts';
import type { Asked } from './turn.ts';

/** What a message was understood as, for the question that stands. */
export type Reading = ServiceReading | { kind: 'language'; language: string };

const NO_WORDS = new Phrasebook([]);

/** Reads an answer in whatever form it comes: button, number, words. Nothing is decided here about what to do with it. */
export function readAnswer(scene: Scene, question: Question, asked: Asked): Reading {
  const { turn } = scene;
  const pressed = pressedOption(scene, question);
  if (pressed !== undefined) return readOption(scene, question, asked, pressed);
  return readWords(scene, question, asked, storable(turn.text).trim());
}

function readWords(scene: Scene, question: Question, asked: Asked, text: string): Reading {
  switch (question.kind) {
    case 'story':
      return readStory(scene, text);
    case 'text':
      return readText(scene, text);
    case 'service':
      return numbered(scene, question, asked) ?? readService(text, asked, scene);
    case 'language':
      return numbered(scene, question, asked) ?? readLanguage(text);
    case 'choice':
    case 'multi':
    case 'consent':
      return readOptions(scene, question, asked, text);
  }
}

/** Reads words and numbers for options. "Not sure" passes over a question that may be skipped. */
function readOptions(scene: Scene, question: Question, asked: Asked, text: string): Reading {
  const book = scene.parts.phrasebooks.get(question.id) ?? NO_WORDS;
  const { values, told } = readChoice(text, question, asked.choices.map(optionOf), book);
  if (values) return { kind: 'answer', answer: { kind: 'choices', values }, told };
  const passes = question.kind !== 'consent' && question.skippable && isWholly(text, 'not-sure');
  return passes ? { kind: 'answer', answer: { kind: 'skipped' }, told: false } : { kind: 'unclear', told };
}

/** The option a pressed button names, when it belongs to this question and still exists. */
function pressedOption(scene: Scene, question: Question): string | undefined {
  const { turn } = scene;
  if (turn.choice?.startsWith(`${question.id}:`) !== true) return undefined;
  const option = optionOf(turn.choice);
  return exists(option, question, scene) ? option : undefined;
}

function exists(option: string, { kind, options }: Question, { world, parts }: Scene): boolean {
  if (options.some(({ id }) => id === option)) return true;
  if (kind === 'language') return parts.catalogue.languages.includes(option);
  return kind === 'service' && world.services.some(({ _id }) => _id === option);
}

function readOption(scene: Scene, question: Question, asked: Asked, option: string): Reading {
  if (question.kind === 'language') return { kind: 'language', language: option };
  if (question.kind === 'service') return readServiceOption(option, asked, scene);
  return { kind: 'answer', answer: { kind: 'choices', values: [option] }, told: false };
}

/** A single number that counts the choices as they were shown. */
function numbered(scene: Scene, question: Question, asked: Asked): Reading | undefined {
  const [number, ...more] = readNumbers(scene.turn.text) ?? [];
  const choice = number === undefined || more.length > 0 ? undefined : asked.choices[number - 1];
  return choice === undefined ? undefined : readOption(scene, question, asked, optionOf(choice));
}

/** A greeting, a lone yes or a number is no story; any other word is, down to "rude". */
function readStory(scene: Scene, text: string): Reading {
  const empty = isWholly(text, 'yes', 'no', 'greeting', 'opener', 'courtesy') || isTooShort(text);
  return empty ? { kind: 'unclear', told: false } : readText(scene, text);
}

/** "eh" and "??" tell nothing; a single Chinese or Bengali letter may be a word. */
function isTooShort(text: string): boolean {
  const letters = text.match(/\p{L}/gu) ?? [];
  return letters.length <= 2 && letters.every((letter) => /\p{Script=Latin}/u.test(letter));
}

function readText({ turn }: Scene, text: string): Reading {
  if (!/[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(text)) return { kind: 'unclear', told: false };
  const answer: Answer = { kind: 'text', text, messageIds: [turn.messageId], media: turn.media.length };
  return { kind: 'answer', answer, told: false };
}

function readLanguage(text: string): Reading {
  const language = matchCommand(text)?.language;
  return language === undefined ? { kind: 'unclear', told: true } : { kind: 'language', language };
}
