import { storable } from '../languages/normalise.ts';
import type { Answer, MediaKind } from '../models/vocabulary.ts';
import { ask, askDifferently, changeLanguage, proceed } from './ask.ts';
import { answerAside, leaveAside } from './asides.ts';
import { giveConsent, refuseConsent } from './consent.ts';
import { keepTelling, record, toldSoFar } from './experience.ts';
import type { Question } from './pathways.ts';
import { readAnswer, type Reading } from './read-answer.ts';
import { emit, findQuestion, say, type Scene } from './scene.ts';
import { extended, remarkOf } from './telling.ts';
import type { Asked } from './turn.ts';

/** Asked once and twice more in other words; then we go on. */
const ATTEMPTS = 3;

/** Takes a message for the question that stands: as its answer, or as more of the story. */
export function answerStanding(scene: Scene, question: Question, asked: Asked): void {
  const { turn } = scene;
  const pressed = turn.choice?.startsWith(`${question.id}:`) === true;
  if (!pressed && turn.at <= asked.at) return continueTelling(scene);
  if (turn.media.length > 0) return takeMedia(scene, question, asked);
  const reading = readAnswer(scene, question, asked);
  if (!pressed && scene.burst && isStillTelling(scene, question, reading)) return continueTelling(scene);
  take(scene, question, asked, reading);
}

/** Takes a reading for a question, whether it stands or an old button named it. */
export function take(scene: Scene, question: Question, asked: Asked, reading: Reading): void {
  switch (reading.kind) {
    case 'language':
      changeLanguage(scene, reading.language, 'resident');
      delete scene.state.asked;
      return proceed(scene);
    case 'which':
      return ask(scene, question, {
        variant: reading.variant,
        services: reading.services,
        heard: scene.turn.text === '' ? (asked.heard ?? '') : storable(scene.turn.text),
        ...(asked.revisit && { revisit: true }),
      });
    case 'unclear':
      return takeUnclear(scene, question, asked, reading.told);
    case 'answer':
      if (reading.told && question.kind !== 'story' && question.kind !== 'text')
        keepTelling(scene, extended(toldSoFar(scene), scene.turn));
      return takeAnswer(scene, question, asked, reading.answer);
  }
}

/** A message that was told and not answered: kept without a word, the question stands. */
function continueTelling(scene: Scene): void {
  if (remarkOf(scene.turn) !== 'story') return;
  keepTelling(scene, extended(toldSoFar(scene), scene.turn));
  if (scene.turn.media.includes('voice') && isFirst(scene, 'voice')) say(scene, 'story.voice');
}

/** Within seconds of the story only what is plainly an answer is one; a place must be one we know. */
function isStillTelling(scene: Scene, question: Question, reading: Reading): boolean {
  if (remarkOf(scene.turn) !== 'story') return false;
  if (question.kind === 'story') return false;
  if (question.kind === 'text' || reading.kind === 'unclear' || reading.kind === 'which') return true;
  if (reading.kind !== 'answer' || reading.answer.kind !== 'service') return false;
  return reading.told || reading.answer.serviceId === undefined;
}

function takeAnswer(scene: Scene, question: Question, asked: Asked, answer: Answer): void {
  const yes = answer.kind === 'choices' && answer.values[0] === 'yes';
  if (question.purpose === 'store') {
    if (yes) giveConsent(scene, question.id);
    else refuseConsent(scene, question.texts['declined'] ?? question.texts.ask);
    return;
  }
  if (question.kind === 'story') return takeStory(scene, asked);
  if (findQuestion({ pathway: scene.pathway }, question.id) && isAside(scene, question))
    return answerAside(scene, question, yes);
  if (question.kind === 'consent') emit(scene, { type: 'consent-recorded', purpose: 'follow-up', given: yes });
  record(scene, question, answer);
  proceed(scene);
}

function isAside({ pathway }: Scene, { id }: Question): boolean {
  return !pathway.questions.some((each) => each.id === id);
}

/** The story as an answer: told anew after BACK, else added to what there is. */
export function takeStory(scene: Scene, asked?: Asked): void {
  const { turn } = scene;
  keepTelling(scene, extended(asked?.revisit ? undefined : toldSoFar(scene), turn));
  const kind = turn.media.includes('voice') && isFirst(scene, 'voice') ? 'story.voice' : 'story.thanks';
  if (scene.state.consent === 'given') say(scene, kind);
  proceed(scene);
}

/** A picture or recording goes to the story whatever was asked; words beside it may still be the answer. */
function takeMedia(scene: Scene, question: Question, asked: Asked): void {
  const { turn } = scene;
  if (question.kind === 'story') return takeStory(scene, asked);
  if (leaveAside(scene, question)) return takeStory(scene);
  const words = { ...scene, turn: { ...turn, media: [] as MediaKind[] } };
  if (question.kind === 'text') {
    const text = storable(turn.text).trim();
    return takeAnswer(scene, question, asked, {
      kind: 'text',
      text,
      messageIds: [turn.messageId],
      media: turn.media.length,
    });
  }
  const reading = turn.text.trim() === '' ? undefined : readAnswer(words, question, asked);
  const answers =
    reading !== undefined &&
    !isStillTelling(words, question, reading) &&
    reading.kind !== 'unclear' &&
    reading.kind !== 'which';
  keepTelling(scene, extended(toldSoFar(scene), answers ? { ...turn, text: '' } : turn));
  if (answers) return take(words, question, asked, reading);
  acknowledgeMedia(scene, question, asked);
}

/** Voice may be meant as the answer, which we cannot hear: so we say, and go on when it happens again and again. */
function acknowledgeMedia(scene: Scene, question: Question, asked: Asked): void {
  const voice = scene.turn.media.includes('voice');
  if (!voice) {
    if (isFirst(scene, 'image') && !scene.burst) say(scene, 'story.picture');
    return;
  }
  const first = isFirst(scene, 'voice');
  if (scene.burst) {
    if (first) say(scene, 'story.voice');
    return;
  }
  if (asked.times >= ATTEMPTS) return goOn(scene, question, asked);
  scene.state.asked = { ...asked, times: asked.times + 1 };
  say(scene, 'story.voice-answer');
}

/** Not understood: kept if it tells something, asked in other words at most twice, then left for a coder. */
export function takeUnclear(scene: Scene, question: Question, asked: Asked, told: boolean): void {
  const tells = told && remarkOf(scene.turn) === 'story';
  if (leaveAside(scene, question))
    return tells || remarkOf(scene.turn) === 'story' ? takeStory(scene) : proceedOrRest(scene);
  if (tells) {
    keepTelling(scene, extended(toldSoFar(scene), scene.turn));
    if (scene.state.consent === 'given') say(scene, 'story.added');
  }
  if (asked.times >= ATTEMPTS) return goOn(scene, question, asked);
  askDifferently(scene, question, asked, tells ? '' : scene.turn.text);
}

function proceedOrRest(scene: Scene): void {
  if (!scene.state.ended) proceed(scene);
}

function goOn(scene: Scene, question: Question, asked: Asked): void {
  if (question.purpose === 'store') {
    scene.state.asked = { ...asked, at: scene.turn.at };
    return say(scene, question.texts['waiting'] ?? question.texts.last);
  }
  if (question.kind === 'language') {
    changeLanguage(scene, scene.parts.catalogue.languages[0] ?? 'eng', 'detected');
    return proceed(scene);
  }
  if (!asked.revisit) record(scene, question, { kind: 'unclear', text: storable(scene.turn.text) });
  proceed(scene);
}

/** Whether this is the first time a kind of media comes in this conversation; remembers that it did. */
export function isFirst({ state }: Scene, kind: MediaKind): boolean {
  if (state.thanked?.includes(kind)) return false;
  state.thanked = [...(state.thanked ?? []), kind];
  return true;
}
