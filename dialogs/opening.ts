import { proceed } from './ask.ts';
import { giveConsent } from './consent.ts';
import { beginAnother, keepTelling, toldSoFar } from './experience.ts';
import { isWholly } from './phrasebook.ts';
import type { Scene } from './scene.ts';
import { takeStory } from './story.ts';
import { extended, remarkOf, type Remark } from './telling.ts';

/** A message while nothing stands: the first of all, one after the end, one after a "no". */
export function openUp(scene: Scene): void {
  const { state, turn } = scene;
  const remark = remarkOf(turn);
  if (state.consent === 'declined') comeBack(scene, remark);
  else if (state.ended) beginAfterEnd(scene, remark);
  else begin(scene, remark);
}

/** After a "no" an explicit yes is consent; a new story asks anew; anything else is left in peace. */
function comeBack(scene: Scene, remark: Remark): void {
  const consent = scene.pathway.questions.find(({ purpose }) => purpose === 'store');
  if (consent && isWholly(scene.turn.text, 'yes')) giveConsent(scene, consent.id);
  else if (remark === 'story' || remark === 'greeting') {
    delete scene.state.consent;
    begin(scene, remark);
  }
}

/** After the end thanks and the like need no answer; a greeting or a story is the beginning of another experience. */
function beginAfterEnd(scene: Scene, remark: Remark): void {
  if (remark === 'courtesy' || remark === 'nothing') return;
  beginAnother(scene);
  if (remark === 'story') begin(scene, remark);
  else proceed(scene, 'hello-again');
}

function begin(scene: Scene, remark: Remark): void {
  const { state, turn } = scene;
  if (remark === 'story' && state.consent === 'given') {
    takeStory(scene);
    return;
  }
  if (remark === 'story') keepTelling(scene, extended(toldSoFar(scene), turn));
  if (remark === 'story' && turn.media.includes('voice'))
    state.thanked = [...new Set([...(state.thanked ?? []), 'voice' as const])];
  state.toldAt = turn.at;
  proceed(scene);
}
