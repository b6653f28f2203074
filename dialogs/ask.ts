import { ownName } from '../languages/command-tables.ts';
import type { TextParam } from '../languages/catalogue.ts';
import type { Answer } from '../models/vocabulary.ts';
import type { SaidChoice } from './events.ts';
import { end, toldSoFar } from './experience.ts';
import { applies, nextQuestion } from './next.ts';
import type { Question } from './pathways.ts';
import { emit, findQuestion, optionOf, say, type Scene } from './scene.ts';
import { isGeneric, matchServices, sureMatch } from './service-match.ts';
import { excerpt } from './telling.ts';
import type { Asked, Variant } from './turn.ts';

/** How much of what they wrote is said back, in characters, on channels that pay by the character and others. */
const HEARD = { short: 15, full: 40 };
const TOLD = { short: 60, full: 300 };

/** Asks the next missing thing, or ends when nothing is missing. `variant` words the story question for what led to it. */
export function proceed(scene: Scene, variant?: Variant): void {
  const { state, turn, pathway } = scene;
  if (isSilenced(scene)) return;
  const question = nextQuestion(state, pathway, { short: turn.short });
  if (question === null) finish(scene);
  else if (question.kind === 'service') askService(scene, question);
  else ask(scene, question, { variant: question.kind === 'story' ? (variant ?? 'ask') : 'ask' });
}

/** What was understood in the story with confidence is confirmed, not asked. */
export function askService(scene: Scene, question: Question, times = 1): void {
  const told = toldSoFar(scene)?.text ?? '';
  const sure = sureMatch(matchServices(told, scene.world.services));
  if (sure === undefined) ask(scene, question, { variant: times === 1 ? 'ask' : 'last', times });
  else
    ask(scene, question, {
      variant: isGeneric(sure.service) ? 'confirm-kind' : 'confirm',
      services: [sure.service._id],
      times,
    });
}

/** Who said STOP is asked nothing until they say START. */
function isSilenced({ turn, events }: Scene): boolean {
  return turn.optedOut && !events.some(({ type }) => type === 'opted-in');
}

interface Asking {
  variant: Variant;
  services?: string[];
  heard?: string;
  revisit?: boolean;
  times?: number;
}

/** Lets a question stand and says it. */
export function ask(scene: Scene, question: Question, asking: Asking): void {
  const { state, turn } = scene;
  const choices = choiceIds(scene, question, asking);
  state.asked = {
    question: question.id,
    choices,
    times: asking.times ?? 1,
    at: turn.at,
    variant: asking.variant,
    ...(asking.revisit && { revisit: true }),
    ...(asking.heard !== undefined && { heard: asking.heard }),
  };
  present(scene, question, state.asked);
}

/** Asks the standing question in other words, saying what was read; empty when nothing was. */
export function askDifferently(scene: Scene, question: Question, asked: Asked, heard: string): void {
  const times = asked.times + 1;
  const words = excerpt(heard, scene.turn.short ? HEARD.short : HEARD.full);
  const variant = times === 2 && mayAskAgain(question, asked, words) ? 'again' : 'last';
  const services = asked.choices.map(optionOf).filter((id) => scene.world.services.some(({ _id }) => _id === id));
  ask(scene, question, {
    variant,
    times,
    services,
    ...(words !== '' && { heard: words }),
    ...(asked.revisit && { revisit: true }),
  });
}

/** The second wording of a question with options says back what was read, so something must have been; an offer of places has none. */
function mayAskAgain({ kind }: Question, asked: Asked, heard: string): boolean {
  if (kind === 'service') return heard !== '' && asked.choices.length === 0;
  return heard !== '' || (kind !== 'choice' && kind !== 'multi');
}

/** Says the standing question once more, as it is. */
export function askOnceMore(scene: Scene): void {
  const { asked } = scene.state;
  const question = findQuestion(scene, asked?.question);
  if (isSilenced(scene)) return;
  if (!asked || !question) {
    proceed(scene);
    return;
  }
  asked.at = scene.turn.at;
  present(scene, question, asked);
}

function present(scene: Scene, question: Question, asked: Asked): void {
  const key = keyOf(scene, question, asked.variant ?? 'ask');
  const choices = asked.choices.map((id) => titled(scene, question, id));
  say(scene, key, paramsOf(scene, question, asked), choices.length > 0 ? choices : undefined);
}

/** The first consent question also thanks for what was told, or for a voice message, and says who is asking. */
function keyOf(scene: Scene, { texts, purpose }: Question, variant: Variant): string {
  const { held } = scene.state;
  if (purpose === 'store' && variant === 'ask' && held) {
    const voiceOnly = held.text === '' && scene.state.thanked?.includes('voice');
    return (voiceOnly ? texts['voice'] : texts['told']) ?? texts.ask;
  }
  return texts[variant] ?? texts.ask;
}

function paramsOf(scene: Scene, question: Question, asked: Asked): Record<string, TextParam> | undefined {
  const { variant } = asked;
  if (question.purpose === 'store') return { link: scene.world.privacyUrl };
  if (variant === 'again') return { heard: asked.heard ?? '' };
  if (variant === 'back') return { answer: asText(scene, question) };
  if (variant !== 'confirm' && variant !== 'confirm-kind') return undefined;
  const [first] = asked.choices;
  return { service: serviceName(scene, optionOf(first ?? '')) };
}

/** An answer as it can be said back: titles for choices, the words themselves for what was written. */
function asText(scene: Scene, question: Question): TextParam {
  const answer: Answer | undefined = scene.state.answers[question.id];
  const { short } = scene.turn;
  switch (answer?.kind) {
    case 'choices':
      return {
        list: question.options.filter(({ id }) => answer.values.includes(id)).map(({ title }) => ({ key: title })),
      };
    case 'service':
      return placeName(scene, answer);
    case 'text':
      return told(answer, short);
    case 'unclear':
    case 'skipped':
    case 'rather-not-say':
    case undefined:
      return '';
  }
}

function told({ text, media }: Extract<Answer, { kind: 'text' }>, short: boolean): TextParam {
  const attachments = { key: 'common.attachments', params: { count: media } };
  if (text === '') return attachments;
  if (media === 0) return quoted(text, short);
  return {
    key: 'common.told-with-attachments',
    params: { text: excerpt(text, short ? TOLD.short : TOLD.full), attachments },
  };
}

function quoted(text: string, short: boolean): TextParam {
  return { key: 'common.quoted', params: { text: excerpt(text, short ? TOLD.short : TOLD.full) } };
}

/** What they called it, where that says more than the kind of place. */
function placeName(scene: Scene, { serviceId, name }: Extract<Answer, { kind: 'service' }>): TextParam {
  const known = scene.world.services.find(({ _id }) => _id === serviceId);
  return known?.name === name ? serviceName(scene, known._id) : quoted(name, scene.turn.short);
}

/** A place by its own name; "some GP practice" in the resident's language. */
function serviceName(scene: Scene, id: string): string | { key: string } {
  const service = scene.world.services.find(({ _id }) => _id === id);
  if (!service) return id;
  const kindKey = `service.kind-${service.kind}`;
  return isGeneric(service) && scene.parts.catalogue.has(kindKey) ? { key: kindKey } : service.name;
}

function choiceIds(scene: Scene, question: Question, { services = [] }: Asking): string[] {
  const { state, turn } = scene;
  if (question.kind === 'language') return languagesFor(scene).map((code) => `${question.id}:${code}`);
  const shown = question.options.filter((option) => applies(option, state, { short: turn.short }));
  if (question.kind !== 'service') return shown.map(({ id }) => `${question.id}:${id}`);
  if (services.length === 0) return [];
  return [...services, ...shown.map(({ id }) => id)].map((id) => `${question.id}:${id}`);
}

/** Languages we write in, the likeliest first. */
function languagesFor({ turn, parts }: Scene): string[] {
  const likely = turn.guess.candidates
    .map(({ language }) => language)
    .filter((code) => parts.catalogue.languages.includes(code));
  return [...new Set([...likely, ...parts.catalogue.languages])].slice(0, 9);
}

function titled(scene: Scene, question: Question, id: string): SaidChoice {
  const option = optionOf(id);
  if (question.kind === 'language') return { id, title: { name: ownName(option) } };
  const known = question.options.find((each) => each.id === option);
  if (known) return { id, title: { key: known.title } };
  const name = serviceName(scene, option);
  return { id, title: typeof name === 'string' ? { name } : name };
}

function finish(scene: Scene): void {
  const { state, world } = scene;
  delete state.asked;
  if (!state.started) {
    state.ended = true;
    say(scene, 'closing.nothing');
    return;
  }
  if (!state.ended) end(scene, 'complete');
  state.ended = true;
  say(scene, 'closing.thanks', { reference: world.reference(state.experience) });
  const another = findQuestion(scene, 'else');
  if (another) ask(scene, another, { variant: 'ask' });
}

/** Changes the language the resident is spoken to in. */
export function changeLanguage(scene: Scene, language: string, by: 'resident' | 'detected'): void {
  const { state, parts } = scene;
  const changed = state.language !== language;
  state.language = language;
  delete state.drift;
  if (!changed) return;
  emit(scene, { type: 'language-changed', language, by });
  if (!parts.catalogue.languages.includes(language)) say(scene, 'language.cannot-write', { name: ownName(language) });
}
