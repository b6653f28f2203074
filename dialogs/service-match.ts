import { messageKey } from '../languages/normalise.ts';
import type { ServiceEntry } from '../models/vocabulary.ts';
import type { Token, Vocabulary } from '../languages/vocabulary.ts';
import { directoryOf, isCommon, isOwn, kindsIn, tokensOf, type IndexedService } from './service-index.ts';

/** How well an entry fits what was written. */
export interface ServiceMatch {
  service: ServiceEntry;
  /** 0..1: how much of the entry's name, address or kind was said. */
  score: number;
  /** 0..1: how much of what was said is this entry: low in a story, high in an answer. */
  coverage: number;
  by: 'name' | 'address' | 'kind';
}

/** From here on a match may be taken without asking, when nothing else comes close. */
const SURE = 0.85;
/** Below this nothing is offered. */
const POSSIBLE = 0.5;
const COMMON_WEIGHT = 0.5;
const LONGEST = 60;
/** An answer is read with typing slips; in a long story they would find names that nobody meant. */
const ANSWER_WORDS = 12;

/** Entries that stand for "some place of this kind" have ids like `any-gp`. */
export function isGeneric(service: ServiceEntry): boolean {
  return service._id === `any-${service.kind}`;
}

/**
 * Entries of the directory that a text may mean, best first: by name, alias, address, postcode or kind, in any of our languages and
 * scripts, with typos. Pure; reads the first 60 words.
 */
export function matchServices(text: string, services: readonly ServiceEntry[]): ServiceMatch[] {
  const said = tokensOf(text.slice(0, 2000)).slice(0, LONGEST);
  if (said.length === 0) return [];
  const { entries, vocabulary, entriesWith } = directoryOf(services);
  const typos = said.length <= ANSWER_WORDS;
  const key = messageKey(text.slice(0, 2000)).replaceAll(' ', '');
  const heard: Heard = { said, kinds: kindsIn(said, typos), key, words: hear(said, vocabulary, typos) };
  const named = new Set([...heard.words.keys()].flatMap((word) => [...(entriesWith.get(word) ?? [])]));
  const matches = entries.flatMap((entry) => bestOf(entry, heard, named.has(entry)) ?? []);
  return matches.filter(({ score }) => score >= POSSIBLE).sort(byFit);
}

/** The one entry that is meant, when there is no doubt: sure, and no rival of its sort close behind. */
export function sureMatch(matches: readonly ServiceMatch[]): ServiceMatch | undefined {
  const [first, ...rest] = matches;
  if (first === undefined || first.score < SURE) return undefined;
  return rest.some(({ by, score }) => by === first.by && first.score - score < 0.1) ? undefined : first;
}

interface Heard {
  said: readonly Token[];
  kinds: ReadonlyMap<string, ReadonlySet<number>>;
  key: string;
  /** The directory's words that were said, each with how alike and where. */
  words: ReadonlyMap<string, { likest: number; position: number }>;
}

interface Fit {
  score: number;
  positions: Set<number>;
}

const RANK = { name: 2, address: 1, kind: 0 } as const;

function byFit(a: ServiceMatch, b: ServiceMatch): number {
  return b.score - a.score || RANK[b.by] - RANK[a.by];
}

/** `named`: a word of its own was said, so its name and address are worth comparing. A postcode is looked for in any case. */
function bestOf(entry: IndexedService, heard: Heard, named: boolean): ServiceMatch | undefined {
  const fits: [ServiceMatch['by'], Fit | undefined][] = [
    ['name', named && !isGeneric(entry.service) ? byName(entry, heard) : undefined],
    ['address', byPostcode(entry, heard) ?? (named ? byAddress(entry, heard) : undefined)],
    ['kind', byKind(entry.service, heard)],
  ];
  const matches = fits.flatMap(([by, fit]) => (fit ? [toMatch(entry.service, by, fit, heard)] : []));
  return matches.sort(byFit)[0];
}

function toMatch(
  service: ServiceEntry,
  by: ServiceMatch['by'],
  { score, positions }: Fit,
  { said, kinds }: Heard,
): ServiceMatch {
  const telling = said.flatMap((token, position) => (isCommon(token) ? [] : [position]));
  const kind = kinds.get(service.kind);
  const covered = telling.filter((position) => positions.has(position) || kind?.has(position));
  return { service, score, by, coverage: telling.length === 0 ? 1 : covered.length / telling.length };
}

/** Another kind was named: "GP on Mile End Rd" is not Mile End Hospital, unless its whole name was said. */
function byName({ service, names }: IndexedService, heard: Heard): Fit | undefined {
  const fits = names.map((name) => alignment(name, heard)).sort((a, b) => b.score - a.score);
  const [best] = fits;
  if (best === undefined || best.score === 0) return undefined;
  const otherKind = heard.kinds.size > 0 && !heard.kinds.has(service.kind);
  return otherKind && best.score < 0.95 ? { ...best, score: best.score / 2 } : best;
}

/** How much of a name was said, common words counting half. Zero when only common words were. */
function alignment(name: readonly Token[], heard: Heard): Fit {
  const positions = new Set<number>();
  let got = 0;
  let all = 0;
  let telling = false;
  for (const token of name) {
    const weight = isCommon(token) ? COMMON_WEIGHT : 1;
    const found = heard.words.get(token.word);
    all += weight;
    if (found === undefined) continue;
    got += weight * found.likest;
    positions.add(found.position);
    telling ||= !isCommon(token);
  }
  if (!telling) return { score: 0, positions };
  return { score: Math.max(got / all, ownPart(name, heard)), positions };
}

/** Two words of its own or more, all said, are nearly the name: "Heron Wharf" for Heron Wharf Health Centre. */
function ownPart(name: readonly Token[], { words }: Heard): number {
  const telling = name.filter((token) => !isCommon(token));
  const likest = telling.map((token) => words.get(token.word)?.likest ?? 0);
  const enough = telling.length >= 2 && telling.some(isOwn) && Math.min(...likest) > 0;
  return enough ? (likest.reduce((sum, each) => sum + each, 0) / likest.length) * 0.95 : 0;
}

/** Common words are compared as written: spelled across scripts they would be found everywhere. */
function hear(said: readonly Token[], vocabulary: Vocabulary, typos: boolean): Heard['words'] {
  const heard = new Map<string, { likest: number; position: number }>();
  for (const [position, token] of said.entries()) {
    const like = isCommon(token) ? { typos: false, bones: false } : { typos, bones: true };
    for (const [word, likest] of vocabulary.alike(token, like)) {
      if (likest > (heard.get(word)?.likest ?? 0)) heard.set(word, { likest, position });
    }
  }
  return heard;
}

/** A postcode is nearly a name. */
function byPostcode({ postcode }: IndexedService, { key, said }: Heard): Fit | undefined {
  if (postcode.length < 5 || !key.includes(postcode)) return undefined;
  return { score: 0.9, positions: new Set(said.keys()) };
}

/** A street is a hint, and with the kind beside it nearly sure. */
function byAddress({ service, address }: IndexedService, heard: Heard): Fit | undefined {
  const fits = address.map((line) => alignment(line, heard)).sort((a, b) => b.score - a.score);
  const [best] = fits;
  if (best === undefined || best.score < 0.75) return undefined;
  if (heard.kinds.size > 0 && !heard.kinds.has(service.kind)) return undefined;
  return { ...best, score: best.score * (heard.kinds.has(service.kind) ? 0.92 : 0.65) };
}

function byKind(service: ServiceEntry, heard: Heard): Fit | undefined {
  const positions = heard.kinds.get(service.kind);
  if (positions === undefined) return undefined;
  return { score: isGeneric(service) ? 0.86 : 0.8, positions: new Set(positions) };
}
