import { proceed } from './ask.ts';
import { end, forget, releaseHeld } from './experience.ts';
import { emit, say, type Scene } from './scene.ts';

/** Yes to keeping what is told: what was held back becomes the story, and the talk goes on. */
export function giveConsent(scene: Scene, question: string): void {
  const { state } = scene;
  if (state.consent !== 'given') emit(scene, { type: 'consent-recorded', purpose: 'store', given: true });
  state.consent = 'given';
  state.trail = [...state.trail.filter((id) => id !== question), question];
  releaseHeld(scene);
  proceed(scene);
}

/** No, or no longer: everything told is dropped, and nothing is asked any more. */
export function refuseConsent(scene: Scene, farewell: string): void {
  const { state } = scene;
  emit(scene, { type: 'consent-recorded', purpose: 'store', given: false });
  if (!state.ended) end(scene, 'declined');
  forget(state);
  state.consent = 'declined';
  say(scene, farewell);
}
