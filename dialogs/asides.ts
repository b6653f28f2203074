import { proceed } from './ask.ts';
import { beginAnother, forget } from './experience.ts';
import type { Question } from './pathways.ts';
import { emit, say, type Scene } from './scene.ts';

/** Questions beside the pathway: "erase everything?" and "something else?". */

/** Carries out the answer to an aside. */
export function answerAside(scene: Scene, { id }: Question, yes: boolean): void {
  if (id === 'delete' && yes) erase(scene);
  else if (id === 'delete') keep(scene);
  else if (!yes) rest(scene);
  else {
    beginAnother(scene);
    proceed(scene, 'next');
  }
}

/**
 * Something else than an answer came: the aside no longer stands. True when it was an aside. What was not clearly confirmed is
 * not erased; what is told after the end begins another experience.
 */
export function leaveAside(scene: Scene, { id }: Question): boolean {
  if (id === 'delete') {
    delete scene.state.asked;
    say(scene, 'commands.delete-kept');
    return true;
  }
  if (id !== 'else') return false;
  delete scene.state.asked;
  return true;
}

/** Nothing is standing any more; the next word may begin another experience. */
export function rest(scene: Scene): void {
  delete scene.state.asked;
  say(scene, 'closing.bye');
}

export function keep(scene: Scene): void {
  delete scene.state.asked;
  say(scene, 'commands.delete-kept');
  if (!scene.state.ended && scene.state.consent !== 'declined') proceed(scene);
}

/** All is forgotten here at once; what is stored goes with the event. The number of the next experience stays unused before. */
function erase(scene: Scene): void {
  const { state } = scene;
  forget(state);
  delete state.consent;
  delete state.drift;
  emit(scene, { type: 'erasure-requested' });
  say(scene, 'commands.delete-done');
}
