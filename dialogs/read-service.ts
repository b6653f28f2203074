import { words } from '../languages/normalise.ts';
import type { Answer } from '../models/vocabulary.ts';
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
  const told = words(text).length > ANSWER_WORDS;
  const matches = matchServices(text, scene.world.services);
  const sure = sureMatch(matches);
  if (sure && (!told || !isGeneric(sure.service))) {
    return {
      kind: 'answer',
      answer: serviceAnswer(sure, text),
      told: told || (sure.coverage < 0.6 && words(text).length > 3),
    };
  }
  if (told || !/\p{L}/u.test(text)) return { kind: 'unclear', told };
  if (matches.length === 0 && asked.times === 1 && words(text).length > NAME_WORDS)
    return { kind: 'unclear', told: true };
  const mayAsk = asked.variant !== 'offer' && asked.variant !== 'name-it' && asked.variant !== 'confirm-kind';
  if (mayAsk && matches.length > 0) return whichOf(matches);
  return { kind: 'answer', answer: named(text, matches), told: false };
}

/** Yes and no to a place that was put to them, "another", "not sure". */
function readShortcut(text: string, asked: Asked, scene: Scene): ServiceReading | undefined {
  if (isWholly(text, 'not-sure')) return readServiceOption('not-sure', asked, scene);
  const [first] = asked.choices;
  if (asked.variant === 'confirm' && first !== undefined && isWholly(text, 'yes'))
    return readServiceOption(optionOf(first), asked, scene);
  if (asked.variant === 'confirm-kind' && isWholly(text, 'yes'))
    return { kind: 'which', variant: 'name-it', services: [] };
  if (asked.variant === 'confirm-kind' && isWholly(text, 'no')) return readServiceOption('not-sure', asked, scene);
  if (isWholly(text, 'another', 'no')) return readServiceOption('another', asked, scene);
  return undefined;
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
  const offered = asked.choices.map((id) => scene.world.services.find(({ _id }) => _id === optionOf(id)));
  const kinds = new Set(offered.flatMap((service) => service?.kind ?? []));
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

/** A name we do not know is kept as written, with the kind when that much was said. */
function named(text: string, matches: readonly ServiceMatch[]): Answer {
  const generic = matches.find(({ service }) => isGeneric(service))?.service;
  return { kind: 'service', name: excerpt(text, NAME_LENGTH), ...(generic && { serviceKind: generic.kind }) };
}
