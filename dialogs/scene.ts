import type { SuggestCodings } from '../coding/suggestion.ts';
import type { Catalogue, TextParam } from '../languages/catalogue.ts';
import type { DialogEvent, SaidChoice } from './events.ts';
import { ASIDES, type Pathway, type Question } from './pathways.ts';
import type { Phrasebook } from './phrasebook.ts';
import type { DialogState, DialogTurn, DialogWorld } from './turn.ts';

/** What the dialog is made with. */
export interface DialogParts {
  suggestCodings: SuggestCodings;
  catalogue: Catalogue;
  pathways: readonly Pathway[];
  /** The phrasebook of a question, by its id. */
  phrasebooks: ReadonlyMap<string, Phrasebook>;
}

/**
 * A turn being taken: a state of its own to change, and the events so far. Steps change it in place; what comes out depends on
 * nothing but what went in.
 */
export interface Scene {
  readonly state: DialogState;
  readonly turn: DialogTurn;
  readonly world: DialogWorld;
  readonly pathway: Pathway;
  readonly parts: DialogParts;
  readonly events: DialogEvent[];
  /** It came within seconds of the last part of a story, or before the standing question was asked: likely still the story. */
  readonly burst: boolean;
}

export function emit(scene: Scene, event: DialogEvent): void {
  scene.events.push(event);
}

/** Says a catalogue text. */
export function say(scene: Scene, key: string, params?: Record<string, TextParam>, choices?: SaidChoice[]): void {
  emit(scene, { type: 'said', key, purpose: 'reply', ...(params && { params }), ...(choices && { choices }) });
}

/** A question of the pathway in use or an aside, by id; undefined when neither knows it any more. */
export function findQuestion(scene: Pick<Scene, 'pathway'>, id: string | undefined): Question | undefined {
  return scene.pathway.questions.find((each) => each.id === id) ?? ASIDES.find((each) => each.id === id);
}

/** Whether a question belongs to the told experience, and not to the person or to the talk itself. */
export function isAbout(scene: Pick<Scene, 'pathway'>, id: string): boolean {
  const question = scene.pathway.questions.find((each) => each.id === id);
  return question !== undefined && question.kind !== 'language' && question.purpose !== 'store';
}

/** The option a choice id names: `stages:nursing` -> `nursing`. */
export function optionOf(choice: string): string {
  return choice.slice(choice.indexOf(':') + 1);
}
