import { isWholly } from './phrasebook.ts';
import { proceed } from './ask.ts';
import { takeStory } from './answering.ts';
import { giveConsent } from './consent.ts';
import { beginAnother, keepTelling, toldSoFar } from './experience.ts';
import type { Scene } from './scene.ts';
import { extended, remarkOf } from './telling.ts';

/** A message while nothing stands: the first of all, one after the end, one after a "no". */
export function openUp(scene: Scene): void {
  const { state, turn, pathway } = scene;
  const remark = remarkOf(turn);
  if (state.consent === 'declined' && isWholly(turn.text, 'yes')) {
    const consent = pathway.questions.find(({ purpose }) => purpose === 'store');
    if (consent) return giveConsent(scene, consent.id);
  }
  const silent = remark === 'courtesy' || remark === 'nothing';
  if (silent && (state.ended || state.consent === 'declined')) return;
  if (state.consent === 'declined') delete state.consent;
  const again = state.ended === true;
  if (again) beginAnother(scene);
  if (remark === 'story' && state.consent === 'given') return takeStory(scene);
  if (remark === 'story') keepTelling(scene, extended(toldSoFar(scene), turn));
  state.toldAt = turn.at;
  if (remark === 'story' && turn.media.includes('voice'))
    state.thanked = [...new Set([...(state.thanked ?? []), 'voice' as const])];
  proceed(scene, again ? 'hello-again' : 'ask');
}
