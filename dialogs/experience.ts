import type { Answer, Coding } from '../models/vocabulary.ts';
import { applies } from './next.ts';
import type { Question } from './pathways.ts';
import { emit, isAbout, type Scene } from './scene.ts';
import type { DialogState, Telling } from './turn.ts';

/** The experience being told: its answers, its codes, its beginning and end. */

/** Records an answer. The first that tells something starts the experience, with all that was answered before it. */
export function record(scene: Scene, question: Question, answer: Answer): void {
  const { state } = scene;
  state.answers[question.id] = answer;
  state.trail = [...state.trail.filter((id) => id !== question.id), question.id];
  if (state.consent !== 'given') return;
  if (state.started) emitAnswer(scene, question.id, answer);
  else if (tells(answer)) start(scene);
  takeBackWhatNoLongerApplies(scene);
  if (state.started && isCodable(question)) emitCodings(scene);
}

/** The story so far with what was just told; held back until there is consent. */
export function keepTelling(scene: Scene, telling: Telling): void {
  const { state } = scene;
  state.toldAt = scene.turn.at;
  const story = scene.pathway.questions.find(({ kind }) => kind === 'story');
  if (state.consent !== 'given' || !story) state.held = telling;
  else record(scene, story, { kind: 'text', ...telling });
}

/** What has been told of this experience. */
export function toldSoFar(scene: Scene): Telling | undefined {
  if (scene.state.held) return scene.state.held;
  const story = scene.pathway.questions.find(({ kind }) => kind === 'story');
  const answer = story && scene.state.answers[story.id];
  return answer?.kind === 'text'
    ? { text: answer.text, messageIds: answer.messageIds, media: answer.media }
    : undefined;
}

/** Consent was given: what was held back becomes the story. */
export function releaseHeld(scene: Scene): void {
  const { held } = scene.state;
  delete scene.state.held;
  const { toldAt } = scene.state;
  if (held) keepTelling(scene, held);
  if (toldAt === undefined) delete scene.state.toldAt;
  else scene.state.toldAt = toldAt;
}

/** Ends the experience, if there is one. */
export function end(scene: Pick<Scene, 'state' | 'events'>, outcome: 'complete' | 'partial' | 'declined'): void {
  const { state, events } = scene;
  if (state.started) events.push({ type: 'experience-ended', experience: state.experience, outcome });
}

/** Makes room for another experience; what was said of the person stays. */
export function beginAnother(scene: Scene): void {
  const { state, pathway } = scene;
  if (state.started && !state.ended) end(scene, 'partial');
  if (state.started) state.experience += 1;
  const lasting = pathway.questions.filter(({ per }) => per === 'person').map(({ id }) => id);
  state.answers = Object.fromEntries(Object.entries(state.answers).filter(([id]) => lasting.includes(id)));
  state.trail = [];
  for (const field of ['started', 'ended', 'lapsed', 'asked', 'held']) Reflect.deleteProperty(state, field);
}

/** A refusal or withdrawal: everything told is dropped. */
export function forget(state: DialogState): void {
  if (state.started) state.experience += 1;
  state.answers = {};
  state.trail = [];
  for (const field of ['started', 'ended', 'lapsed', 'asked', 'held', 'toldAt', 'thanked'])
    Reflect.deleteProperty(state, field);
}

function tells(answer: Answer): boolean {
  return answer.kind === 'text' || answer.kind === 'choices' || answer.kind === 'service';
}

function start(scene: Scene): void {
  const { state } = scene;
  state.started = true;
  const { id, version } = scene.pathway;
  emit(scene, { type: 'experience-started', experience: state.experience, pathway: { id, version } });
  for (const [question, answer] of Object.entries(state.answers)) emitAnswer(scene, question, answer);
}

function emitAnswer(scene: Scene, question: string, answer: Answer | null): void {
  if (!isAbout(scene, question)) return;
  emit(scene, { type: 'answer-recorded', experience: scene.state.experience, question, answer });
}

/** A changed answer may leave others without a question: a pharmacy has no nursing care. */
function takeBackWhatNoLongerApplies(scene: Scene): void {
  const { state, pathway, turn } = scene;
  for (const question of pathway.questions) {
    if (state.answers[question.id] === undefined || question.per === 'person') continue;
    if (applies(question, state, { short: turn.short })) continue;
    Reflect.deleteProperty(state.answers, question.id);
    state.trail = state.trail.filter((id) => id !== question.id);
    if (state.started) emitAnswer(scene, question.id, null);
  }
}

function isCodable({ kind, coded, options }: Question): boolean {
  return kind === 'story' || coded || options.some(({ codings, rating }) => codings.length > 0 || rating !== undefined);
}

function emitCodings(scene: Scene): void {
  emit(scene, { type: 'experience-coded', experience: scene.state.experience, codings: codingsOf(scene) });
}

type UndatedCoding = Omit<Coding, 'at'>;

/** What the resident chose stands first and is never doubled by a suggestion. */
function codingsOf(scene: Scene): UndatedCoding[] {
  const { state, pathway, parts } = scene;
  const rating = ratingOf(scene);
  const chosen = pathway.questions.flatMap((question) => chosenOptions(state, question));
  const own = chosen.flatMap(({ codings }) =>
    codings.map((coding): UndatedCoding => ({ ...coding, sentiment: sentimentOf(rating), origin: 'resident' })),
  );
  const texts = pathway.questions.flatMap(({ id, kind, coded }) => {
    const answer = state.answers[id];
    return (kind === 'story' || coded) && answer?.kind === 'text' && answer.text !== '' ? [answer.text] : [];
  });
  const suggested = parts.suggestCodings({
    texts,
    language: state.language ?? 'und',
    ...(rating !== undefined && { rating }),
    stages: own.map(({ code }) => code),
  });
  const isNew = ({ scheme, code }: UndatedCoding): boolean =>
    !own.some((each) => each.scheme === scheme && each.code === code);
  return [...own, ...suggested.filter((coding) => coding.origin === 'suggested' && isNew(coding))];
}

function chosenOptions(state: DialogState, { id, options }: Question): Question['options'] {
  const answer = state.answers[id];
  return answer?.kind === 'choices' ? options.filter((option) => answer.values.includes(option.id)) : [];
}

function ratingOf({ state, pathway }: Scene): number | undefined {
  return pathway.questions
    .flatMap((question) => chosenOptions(state, question))
    .find((option) => option.rating !== undefined)?.rating;
}

/** 1 and 2 are negative, 3 neutral, 4 and 5 positive; without a rating a stage says nothing of how it was. */
function sentimentOf(rating: number | undefined): Coding['sentiment'] {
  if (rating === undefined || rating === 3) return 'neutral';
  return rating > 3 ? 'positive' : 'negative';
}
