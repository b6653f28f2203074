import { changeLanguage } from './ask.ts';
import { words } from '../languages/normalise.ts';
import type { Scene } from './scene.ts';
import type { DialogTurn } from './turn.ts';

/** From here on a guess may be acted on; below, we ask (spec: languages.md). */
const CLEAR = 0.8;
/** Clear messages in another language that switch a settled one. */
const SWITCHES = 2;

/** Latin letters are borrowed by everybody ("gp surgery", "reception"): there it takes three words to be clear. */
function isClear({ guess, text }: DialogTurn): boolean {
  return guess.script !== 'Latn' || words(text).length >= 3;
}

/** Settles the language of a new conversation, and follows a resident who goes over to another: never for one message alone. */
export function settleLanguage(scene: Scene): void {
  const { state, turn } = scene;
  const { language } = turn.guess;
  if (turn.choice !== undefined || !mayBeActedOn(turn)) return;
  if (state.language === undefined) changeLanguage(scene, language, 'detected');
  else if (language === state.language) delete state.drift;
  else if (isClear(turn)) drift(scene, language);
}

function mayBeActedOn({ guess }: DialogTurn): boolean {
  return guess.confidence >= CLEAR && guess.language !== 'und' && guess.language !== 'other';
}

function drift(scene: Scene, language: string): void {
  const { state } = scene;
  const times = state.drift?.language === language ? state.drift.times + 1 : 1;
  if (times >= SWITCHES) changeLanguage(scene, language, 'detected');
  else state.drift = { language, times };
}
