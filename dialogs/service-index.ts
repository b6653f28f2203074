import { messageKey, words } from '../languages/normalise.ts';
import { skeleton } from '../languages/skeleton.ts';
import { stem } from '../languages/stem.ts';
import { Vocabulary, type Token } from '../languages/vocabulary.ts';
import { meanings, wordsFor } from '../languages/words.ts';
import type { ServiceEntry } from '../models/vocabulary.ts';

/** An entry as it is compared: built once per directory. */
export interface IndexedService {
  service: ServiceEntry;
  names: Token[][];
  address: Token[][];
  postcode: string;
}

export interface Directory {
  entries: IndexedService[];
  vocabulary: Vocabulary;
  /** The entries in whose names or address a word stands. */
  entriesWith: ReadonlyMap<string, ReadonlySet<IndexedService>>;
}

/** Words that name no place by themselves. They count little, and never carry a match alone. */
const COMMON = new Set(
  words(
    'the a an at on in of my our and for to hospital centre center surgery practice clinic health medical road street lane ' +
      'dental pharmacy chemist opticians avenue st east west north south saint london i we went was is it near by with from eye care not where when me them they ' +
      'হাসপাতাল হসপিটাল সেন্ট সেন্টার আমি গিয়েছিলাম গেছি مستشفى المستشفى مشفى في على من عيادة شارع',
  ),
);

/** Parts of town: they name a place only with the rest of its name beside them. */
const PLACES = new Set(
  words(
    'mile end whitechapel bow poplar stepney bethnal green wapping limehouse isle dogs canary wharf shadwell aldgate bromley ' +
      'spitalfields tower hamlets blackwall cubitt town globe old ford মাইল এন্ড مايل إند',
  ),
);

/** Written short on envelopes and in messages. `st` stays: it is street and saint. */
const SHORT_FORMS: Readonly<Record<string, string>> = {
  rd: 'road', ln: 'lane', ave: 'avenue', av: 'avenue', hosp: 'hospital', ctr: 'centre', center: 'centre', saint: 'st', street: 'st',
}; // prettier-ignore

const DIRECTORIES = new WeakMap<readonly ServiceEntry[], Directory>();

/** The directory as it is compared. Remembered per array: a directory that changed is a new array. */
export function directoryOf(services: readonly ServiceEntry[]): Directory {
  const known = DIRECTORIES.get(services);
  if (known) return known;
  const entries = services.map((service) => ({
    service,
    names: [service.name, ...service.aliases].map(tokensOf),
    address: (service.address ?? '').split(',').map(streetOf).filter(isTelling),
    postcode: messageKey(service.postcode ?? '').replaceAll(' ', ''),
  }));
  const vocabulary = new Vocabulary(entries.flatMap(tokensIn));
  const directory = { entries, vocabulary, entriesWith: byWord(entries) };
  DIRECTORIES.set(services, directory);
  return directory;
}

function tokensIn({ names, address }: IndexedService): Token[] {
  return [...names.flat(), ...address.flat()];
}

/** Common words stand in nearly every entry and find none by themselves. */
function byWord(entries: readonly IndexedService[]): Map<string, Set<IndexedService>> {
  const found = new Map<string, Set<IndexedService>>();
  for (const entry of entries) {
    for (const token of tokensIn(entry)) {
      if (!isCommon(token)) found.set(token.word, (found.get(token.word) ?? new Set()).add(entry));
    }
  }
  return found;
}

export function tokensOf(text: string): Token[] {
  return words(text).map((written) => {
    const word = SHORT_FORMS[written] ?? written;
    return { word, stem: stem(word), bones: skeleton(word) };
  });
}

export function isCommon({ word }: Token): boolean {
  return COMMON.has(word);
}

/** A line of an address without its house numbers: people name the street. */
function streetOf(line: string): Token[] {
  return tokensOf(line).filter(({ word }) => !/^\d/.test(word));
}

/** Whether a word belongs to a place alone, and not also to the part of town around it. */
export function isOwn(token: Token): boolean {
  return !isCommon(token) && !PLACES.has(token.word);
}

function isTelling(tokens: readonly Token[]): boolean {
  return tokens.some((token) => !isCommon(token));
}

const PREFIX = 'service-kind.';
const PHRASES = meanings()
  .filter((meaning) => meaning.startsWith(PREFIX))
  .flatMap((meaning) =>
    wordsFor(meaning).map((phrase) => ({ kind: meaning.slice(PREFIX.length), tokens: tokensOf(phrase) })),
  )
  .sort((a, b) => b.tokens.length - a.tokens.length);
const KIND_WORDS = new Vocabulary(PHRASES.flatMap(({ tokens }) => tokens));

/** The kinds of service named in a text, each with the positions of the words that name it; the longest phrase wins. */
export function kindsIn(said: readonly Token[], typos: boolean): Map<string, Set<number>> {
  const readings = said.map((token) => KIND_WORDS.alike(token, { typos, bones: false }));
  const kinds = new Map<string, Set<number>>();
  if (readings.every(({ size }) => size === 0)) return kinds;
  const present = new Set(readings.flatMap((reading) => [...reading.keys()]));
  const taken = new Set<number>();
  for (const { kind, tokens } of PHRASES) {
    if (!tokens.every(({ word }) => present.has(word))) continue;
    for (let start = 0; start + tokens.length <= said.length; start += 1) {
      const stands = tokens.every(
        ({ word }, offset) => !taken.has(start + offset) && readings[start + offset]?.has(word),
      );
      if (!stands) continue;
      const positions = tokens.map((_, offset) => start + offset);
      for (const position of positions) taken.add(position);
      kinds.set(kind, new Set([...(kinds.get(kind) ?? []), ...positions]));
    }
  }
  return kinds;
}
