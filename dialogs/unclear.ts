import { storable } from '../languages/normalise.ts';
import { askDifferently, askService, changeLanguage, proceed } from './ask.ts';
import { leaveAside } from './asides.ts';
import { keepTelling, record, toldSoFar } from './experience.ts';
import { openUp } from './opening.ts';
import type { Question } from './pathways.ts';
import { say, type Scene } from './scene.ts';
import { extended, remarkOf } from './telling.ts';
import type { Asked } from './turn.ts';

/** Asked once, and twice more in other words; then we go on (spec: intake.md). */
export const ATTEMPTS = 3;

/** Not understood: kept if it tells something, asked in other words at most twice, then left for a coder. */
export function takeUnclear(scene: Scene, question: Question, asked: Asked, told: boolean): void {
  if (leaveAside(scene, question)) {
    openUp(scene);
    return;
  }
  const tells = told && remarkOf(scene.turn) === 'story';
  if (tells) {
    keepTelling(scene, extended(toldSoFar(scene), scene.turn));
    if (scene.state.consent === 'given') say(scene, 'story.added');
  }
  if (asked.times >= ATTEMPTS) goOn(scene, question, asked);
  else if (tells && question.kind === 'service' && asked.choices.length === 0)
    askService(scene, question, asked.times + 1);
  else askDifferently(scene, question, asked, tells ? '' : scene.turn.text);
}

/** Goes on without an answer. Consent is the exception: without a yes nothing goes on, and its question stands. */
export function goOn(scene: Scene, question: Question, asked: Asked): void {
  if (question.purpose === 'store') {
    scene.state.asked = { ...asked, at: scene.turn.at };
    say(scene, question.texts['waiting'] ?? question.texts.last);
    return;
  }
  if (question.kind === 'language') settleForFirst(scene);
  else if (!asked.revisit) record(scene, question, { kind: 'unclear', text: storable(scene.turn.text) });
  proceed(scene);
}

/** No language was understood: the first we write in, until they write something that tells. */
function settleForFirst(scene: Scene): void {
  if (scene.state.language === undefined)
    changeLanguage(scene, scene.parts.catalogue.languages[0] ?? 'eng', 'detected');
}
