import { storable } from '../languages/normalise.ts';
import type { Answer, MediaKind } from '../models/vocabulary.ts';
import { ask, askDifferently, changeLanguage, proceed } from './ask.ts';
import { answerAside, leaveAside } from './asides.ts';
import { giveConsent, refuseConsent } from './consent.ts';
import { keepTelling, record, toldSoFar } from './experience.ts';
import { openUp } from './opening.ts';
import { ASIDES, type Question } from './pathways.ts';
import { isWholly } from './phrasebook.ts';
import { readAnswer, type Reading } from './read-answer.ts';
import { emit, say, type Scene } from './scene.ts';
import { isFirst, takeStory } from './story.ts';
import { extended, mayBelong } from './telling.ts';
import type { Asked } from './turn.ts';
import { ATTEMPTS, goOn, takeUnclear } from './unclear.ts';

/** Takes a message for the question that stands: as its answer, or as more of the story. */
export function answerStanding(scene: Scene, question: Question, asked: Asked): void {
  const { turn, state } = scene;
  const pressed = turn.choice?.startsWith(`${question.id}:`) === true;
  const wroteInTheirs = question.kind === 'language' && asked.variant !== 'choose' && state.language !== undefined;
  if (pressed) take(scene, question, asked, readAnswer(scene, question, asked));
  else if (turn.at <= asked.at) continueTelling(scene);
  else if (turn.media.length > 0) takeMedia(scene, question, asked);
  else if (wroteInTheirs) startAfresh(scene);
  else takeText(scene, question, asked);
}

/** Takes a reading for a question, whether it stands or an old button named it. */
export function take(scene: Scene, question: Question, asked: Asked, reading: Reading): void {
  switch (reading.kind) {
    case 'language':
      changeLanguage(scene, reading.language, 'resident');
      delete scene.state.asked;
      proceed(scene);
      return;
    case 'which':
      if (asked.times >= ATTEMPTS) goOn(scene, question, asked);
      else askWhich(scene, question, asked, reading);
      return;
    case 'unclear':
      takeUnclear(scene, question, asked, reading.told);
      return;
    case 'answer':
      if (reading.told) keepTelling(scene, extended(toldSoFar(scene), scene.turn));
      takeAnswer(scene, question, asked, reading.answer);
  }
}

function askWhich(
  scene: Scene,
  question: Question,
  asked: Asked,
  { variant, services }: Extract<Reading, { kind: 'which' }>,
): void {
  const heard = scene.turn.choice === undefined ? storable(scene.turn.text) : (asked.heard ?? '');
  ask(scene, question, { variant, services, heard, times: asked.times + 1, ...(asked.revisit && { revisit: true }) });
}

/** "Or just write in your language": they did, and that told us which it is. */
function startAfresh(scene: Scene): void {
  delete scene.state.asked;
  openUp(scene);
}

function takeText(scene: Scene, question: Question, asked: Asked): void {
  const reading = readAnswer(scene, question, asked);
  if (isCourtesy(scene, question, reading)) say(scene, 'closing.pause');
  else if (scene.burst && isStillTelling(scene, question, reading)) continueTelling(scene);
  else take(scene, question, asked, reading);
}

/** "Thank you, bye" in the middle is answered as such; the question stands until they come back. */
function isCourtesy({ turn }: Scene, question: Question, reading: Reading): boolean {
  const open = question.kind === 'text' || question.kind === 'service' || reading.kind === 'unclear';
  return open && !isAside(question) && isWholly(turn.text, 'courtesy');
}

/** A message that tells and does not answer: kept without a word, the question stands. */
function continueTelling(scene: Scene): void {
  if (!mayBelong(scene.turn)) return;
  keepTelling(scene, extended(toldSoFar(scene), scene.turn));
  if (scene.turn.media.includes('voice') && isFirst(scene, 'voice')) say(scene, 'story.voice');
}

/** Within seconds of the story only what is plainly an answer is one; a place must be one we know. */
function isStillTelling(scene: Scene, question: Question, reading: Reading): boolean {
  if (!mayBelong(scene.turn) || question.kind === 'story') return false;
  if (question.kind === 'text' || reading.kind === 'unclear' || reading.kind === 'which') return true;
  if (reading.kind !== 'answer' || reading.answer.kind !== 'service') return false;
  return reading.told || reading.answer.serviceId === undefined;
}

function takeAnswer(scene: Scene, question: Question, asked: Asked, answer: Answer): void {
  const yes = answer.kind === 'choices' && answer.values[0] === 'yes';
  if (question.purpose === 'store') decideConsent(scene, question, yes);
  else if (isAside(question)) answerAside(scene, question, yes);
  else if (question.kind === 'story') takeStory(scene, asked.revisit);
  else {
    record(scene, question, answer);
    if (question.kind === 'consent') emit(scene, { type: 'consent-recorded', purpose: 'follow-up', given: yes });
    proceed(scene);
  }
}

function decideConsent(scene: Scene, question: Question, yes: boolean): void {
  if (yes) giveConsent(scene, question.id);
  else refuseConsent(scene, question.texts['declined'] ?? question.texts.ask);
}

function isAside({ id }: Question): boolean {
  return ASIDES.some((aside) => aside.id === id);
}

/** A picture or recording goes to the story whatever was asked; words beside it may still be the answer. */
function takeMedia(scene: Scene, question: Question, asked: Asked): void {
  const { turn } = scene;
  if (question.kind === 'story') takeStory(scene, asked.revisit);
  else if (leaveAside(scene, question)) openUp(scene);
  else if (question.kind === 'text') takeAnswer(scene, question, asked, { kind: 'text', ...extended(undefined, turn) });
  else takeMediaBeside(scene, question, asked);
}

function takeMediaBeside(scene: Scene, question: Question, asked: Asked): void {
  const { turn } = scene;
  const caption = { ...scene, turn: { ...turn, media: [] as MediaKind[] } };
  const reading: Reading =
    turn.text.trim() === '' ? { kind: 'unclear', told: false } : readAnswer(caption, question, asked);
  const answers = reading.kind === 'answer' && !reading.told && !isStillTelling(caption, question, reading);
  keepTelling(scene, extended(toldSoFar(scene), answers ? { ...turn, text: '' } : turn));
  if (answers) take(caption, question, asked, reading);
  else if (!turn.media.includes('voice')) thankForPicture(scene);
  else acknowledgeVoice(scene, question, asked);
}

function thankForPicture(scene: Scene): void {
  if (isFirst(scene, 'image') && !scene.burst) say(scene, 'story.picture');
}

/** A voice note may be meant as the answer, which we cannot hear: so we say, and go on when it happens again and again. */
function acknowledgeVoice(scene: Scene, question: Question, asked: Asked): void {
  const first = isFirst(scene, 'voice');
  if (scene.burst) {
    if (first) say(scene, 'story.voice');
  } else if (asked.times >= ATTEMPTS) goOn(scene, question, asked);
  else if (asked.times > 1) askDifferently(scene, question, asked, '');
  else {
    scene.state.asked = { ...asked, times: asked.times + 1 };
    say(scene, 'story.voice-answer');
  }
}
