import type { SuggestCodings } from '../coding/suggestion.ts';
import { createCatalogue, type Catalogue } from '../languages/catalogue.ts';
import { matchCommand } from '../languages/commands.ts';
import { answerStanding, take } from './answering.ts';
import { lapse } from './lapse.ts';
import { obey } from './obey.ts';
import { openUp } from './opening.ts';
import { respectOptOut } from './opt-out.ts';
import { ASIDES, PATHWAYS, type Pathway } from './pathways.ts';
import { phrasebookOf, type Phrasebook } from './phrasebook.ts';
import { readAnswer } from './read-answer.ts';
import { findQuestion, type DialogParts, type Scene } from './scene.ts';
import { settleLanguage } from './settle-language.ts';
import type { DialogState, DialogTurn, DialogWorld, Handle, Lapse } from './turn.ts';

export interface DialogOptions {
  suggestCodings: SuggestCodings;
  /** The first is what a new conversation takes. Default: all that are shipped. */
  pathways?: readonly Pathway[];
  catalogue?: Catalogue;
}

/** Messages this close to the last part of a story belong to it (ms). */
const BURST_MS = 8000;

/**
 * The conversation: `handle` takes one message, `lapse` a silence of 24 h. Both are pure: the same state and turn give the same state
 * and events. A state is plain JSON and holds answers, never a position, so it outlives any change of the pathway.
 * Throws at creation when a pathway names a text that the catalogue does not have.
 */
export function createDialog(options: DialogOptions): { handle: Handle; lapse: Lapse } {
  const { suggestCodings, pathways = PATHWAYS, catalogue = createCatalogue() } = options;
  assertTexts(pathways, catalogue);
  const parts: DialogParts = { suggestCodings, catalogue, pathways, phrasebooks: phrasebooksFor(pathways, catalogue) };
  const handle: Handle = (state, turn, world) => {
    const scene = setScene(state, turn, world, parts);
    takeTurn(scene);
    return {
      state: scene.state,
      events: mayHear(scene) ? scene.events : scene.events.filter(({ type }) => type !== 'said'),
    };
  };
  return { handle, lapse };
}

/** Where the provider blocks us after STOP, nothing we say would arrive. */
function mayHear({ turn, events }: Scene): boolean {
  return !turn.optedOut || !turn.optOutConfirmedByProvider || events.some(({ type }) => type === 'opted-in');
}

function takeTurn(scene: Scene): void {
  const { state, turn } = scene;
  const command = turn.choice === undefined && turn.media.length === 0 ? matchCommand(turn.text) : undefined;
  if (respectOptOut(scene, command)) return;
  settleLanguage(scene);
  if (command) obey(scene, command);
  else if (!pressOlderButton(scene)) {
    const question = findQuestion(scene, state.asked?.question);
    if (state.asked && question) answerStanding(scene, question, state.asked);
    else openUp(scene);
  }
}

/** A button of a question that no longer stands still answers that question; one we no longer know is only its text. */
function pressOlderButton(scene: Scene): boolean {
  const { state, turn, pathway } = scene;
  const id = turn.choice?.slice(0, turn.choice.indexOf(':'));
  if (turn.choice === undefined || id === state.asked?.question) return false;
  const question = pathway.questions.find((each) => each.id === id);
  if (!question || (state.consent !== 'given' && question.purpose !== 'store' && question.kind !== 'language'))
    return false;
  const asked = { question: question.id, choices: [turn.choice], times: 1, at: turn.at };
  const reading = readAnswer(scene, question, asked);
  if (reading.kind === 'unclear') return false;
  take(scene, question, asked, reading);
  return true;
}

function setScene(before: DialogState | null, turn: DialogTurn, world: DialogWorld, parts: DialogParts): Scene {
  const pathway = pathwayOf(before, parts.pathways);
  const { id, version } = pathway;
  const fresh: DialogState = { pathway: { id, version }, experience: 1, answers: {}, trail: [] };
  const state = before ? { ...structuredClone(before), pathway: { id, version } } : fresh;
  const { toldAt, asked } = state;
  const burst = asked !== undefined && (turn.at <= asked.at || (toldAt !== undefined && turn.at - toldAt <= BURST_MS));
  delete state.toldAt;
  delete state.lapsed;
  return { state, turn, world, pathway, parts, events: [], burst };
}

/** A conversation goes on with its own version while that is shipped, else with the newest of its pathway. */
function pathwayOf(state: DialogState | null, pathways: readonly Pathway[]): Pathway {
  const own = pathways.filter(({ id }) => id === state?.pathway.id).sort((a, b) => b.version - a.version);
  const found = own.find(({ version }) => version === state?.pathway.version) ?? own[0] ?? pathways[0];
  if (!found) throw new Error('The dialog needs at least one pathway.');
  return found;
}

function phrasebooksFor(pathways: readonly Pathway[], catalogue: Catalogue): Map<string, Phrasebook> {
  const questions = [...pathways.flatMap((pathway) => pathway.questions), ...ASIDES].filter(
    ({ options }) => options.length > 0,
  );
  return new Map(questions.map((question) => [question.id, phrasebookOf(question, catalogue)]));
}

function assertTexts(pathways: readonly Pathway[], catalogue: Catalogue): void {
  const questions = [...pathways.flatMap((pathway) => pathway.questions), ...ASIDES];
  const keys = questions.flatMap(({ texts, options }) => [
    ...Object.values(texts),
    ...options.map(({ title }) => title),
  ]);
  const missing = keys.filter((key) => !catalogue.has(key));
  if (missing.length > 0) throw new Error(`The catalogue has no text for ${missing.join(', ')}`);
}
