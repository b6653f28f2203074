import { words } from '../languages/normalise.ts';
import type { Answer, ServiceEntry } from '../models/vocabulary.ts';
import { toldSoFar } from './experience.ts';
import { isWholly } from './phrasebook.ts';
import { optionOf, type Scene } from './scene.ts';
import { isGeneric, matchServices, sureMatch, type ServiceMatch } from './service-match.ts';
import { excerpt } from './telling.ts';
import type { Asked, Variant } from './turn.ts';

export type ServiceReading =
  | { kind: 'answer'; answer: Answer; told: boolean }
  /** Several places it may be, or one kind of place: asked which. */
  | { kind: 'which'; variant: Extract<Variant, 'offer' | 'confirm-kind' | 'name-it'>; services: string[] }
  | { kind: 'unclear'; told: boolean };

/** More words than this tell a story; a place in it counts only when there is no doubt. */
const ANSWER_WORDS = 8;
/** Names of places are short; the first longer text that names nothing we know is more of the story. */
const NAME_WORDS = 4;
const NAME_LENGTH = 120;
const OFFERED = 3;
/** Naming only a kind that has more places than this offers none of them: three of forty dentists is no choice. */
const FEW = 5;

/** Reads which service was meant: a place of the directory, one of several, or a name we do not know, kept as written. */
export function readService(text: string, asked: Asked, scene: Scene): ServiceReading {
  const shortcut = readShortcut(text, asked, scene);
  if (shortcut) return shortcut;
  const count = words(text).length;
  const matches = matchServices(text, scene.world.services);
  const sure = sureMatch(matches);
  if (sure && !(count > ANSWER_WORDS && isGeneric(sure.service))) return sureAnswer(sure, text, count);
  if (count > ANSWER_WORDS || !/\p{L}/u.test(text)) return { kind: 'unclear', told: count > ANSWER_WORDS };
  const offered = offeredServices(asked, scene);
  const heard = [...matches.map(({ service }) => service), ...offered];
  if (asked.variant === 'name-it' || offered.length > 0) return asNamed(text, heard, scene);
  return matches.length > 0 ? whichOf(matches) : unknownName(text, asked, scene, count);
}

function sureAnswer(sure: ServiceMatch, text: string, count: number): ServiceReading {
  const told = count > ANSWER_WORDS || (sure.coverage < 0.6 && count > 3);
  return { kind: 'answer', answer: serviceAnswer(sure, text), told };
}

/** A name we do not know is kept as written. A longer text that names nothing is more of the story, the first time. */
function unknownName(text: string, asked: Asked, scene: Scene, count: number): ServiceReading {
  if (asked.times === 1 && count > NAME_WORDS) return { kind: 'unclear', told: true };
  return asNamed(text, [], scene);
}

/** "Very bad" and "reception" answer other questions and are no name of a place. */
function asNamed(text: string, known: readonly ServiceEntry[], scene: Scene): ServiceReading {
  const elsewhere = [...scene.parts.phrasebooks.values()].some((book) => {
    const { meanings, unknown } = book.hear(text, true);
    return meanings.length > 0 && unknown.length === 0;
  });
  const nothing = elsewhere || isWholly(text, 'greeting', 'opener', 'courtesy');
  return nothing
    ? { kind: 'unclear', told: elsewhere }
    : { kind: 'answer', answer: named(text, known, scene), told: false };
}

function offeredServices(asked: Asked, scene: Scene): ServiceEntry[] {
  const ids = asked.choices.map(optionOf);
  return ids.flatMap((id) => scene.world.services.find(({ _id }) => _id === id) ?? []);
}

/** Yes and no to a place that was put to them, "another", "not sure". */
function readShortcut(text: string, asked: Asked, scene: Scene): ServiceReading | undefined {
  if (isWholly(text, 'not-sure')) return readServiceOption('not-sure', asked, scene);
  const [only, ...more] = offeredServices(asked, scene);
  if (only && more.length === 0 && isWholly(text, 'yes')) return readYes(only, asked, scene);
  if (only && more.length === 0 && isGeneric(only) && isWholly(text, 'no'))
    return readServiceOption('not-sure', asked, scene);
  return isWholly(text, 'another', 'no') ? readServiceOption('another', asked, scene) : undefined;
}

/** "Yes" to a place means it; "yes" to "do you know its name?" has not said it yet. */
function readYes(only: ServiceEntry, asked: Asked, scene: Scene): ServiceReading {
  if (isGeneric(only)) return { kind: 'which', variant: 'name-it', services: [] };
  return readServiceOption(only._id, asked, scene);
}

/** Reads a pressed button or a number: one of the places, "another" or "not sure". */
export function readServiceOption(option: string, asked: Asked, scene: Scene): ServiceReading {
  const { services } = scene.world;
  if (option === 'another') return { kind: 'which', variant: 'name-it', services: [] };
  if (option === 'not-sure') return { kind: 'answer', answer: unsure(asked, scene), told: false };
  const service = services.find(({ _id }) => _id === option);
  if (!service) return { kind: 'unclear', told: false };
  return {
    kind: 'answer',
    answer: { kind: 'service', serviceId: option, serviceKind: service.kind, name: service.name },
    told: false,
  };
}

/** "Not sure" still knows the kind, if one was named; else it is left for a coder, who has the story. */
function unsure(asked: Asked, scene: Scene): Answer {
  const kinds = new Set(offeredServices(asked, scene).map((service) => service.kind));
  const [kind] = kinds;
  const generic = scene.world.services.find((service) => isGeneric(service) && service.kind === kind);
  if (kinds.size !== 1 || !generic) return { kind: 'unclear', text: asked.heard ?? '' };
  return { kind: 'service', serviceId: generic._id, serviceKind: generic.kind, name: generic.name };
}

function whichOf(matches: readonly ServiceMatch[]): ServiceReading {
  const named = matches.filter(({ service }) => !isGeneric(service));
  const generic = matches.find(({ service }) => isGeneric(service));
  const onlyKind = named.every(({ by }) => by === 'kind');
  if (generic && onlyKind && named.length > FEW)
    return { kind: 'which', variant: 'confirm-kind', services: [generic.service._id] };
  const offered = (named.length > 0 ? named : matches).slice(0, OFFERED);
  return { kind: 'which', variant: 'offer', services: offered.map(({ service }) => service._id) };
}

/** Some place of a kind keeps the resident's words when they say more than the kind: "GP on Mile End Rd". */
function serviceAnswer({ service, coverage }: ServiceMatch, text: string): Answer {
  const name = isGeneric(service) && coverage < 1 ? excerpt(text, NAME_LENGTH) : service.name;
  return { kind: 'service', serviceId: service._id, serviceKind: service.kind, name };
}

/** A name we do not know is kept as written, with the kind when that much was said, now or in the story. */
function named(text: string, known: readonly ServiceEntry[], scene: Scene): Answer {
  const story = toldSoFar(scene)?.text ?? '';
  const told = sureMatch(matchServices(story, scene.world.services))?.service;
  const generic = known.find(isGeneric) ?? (told && isGeneric(told) ? told : undefined);
  return { kind: 'service', name: excerpt(text, NAME_LENGTH), ...(generic && { serviceKind: generic.kind }) };
}
