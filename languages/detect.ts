import { franc, francAll } from 'franc';
import type { LanguageCode } from '../models/vocabulary.ts';
import type { LanguageGuess } from './detection.ts';
import functionWords from './function-words.json' with { type: 'json' };
import { messageKey, words } from './normalise.ts';
import { countScripts } from './scripts.ts';
import { wordsByLanguage } from './words.ts';

/** Scripts that decide by themselves. */
const DECIDES: Readonly<Record<string, LanguageCode>> = {
  Beng: 'ben', Sylo: 'syl', Deva: 'hin', Guru: 'pan', Gujr: 'guj', Taml: 'tam', Jpan: 'other', Hani: 'zho', Zzzz: 'other',
}; // prettier-ignore

/** franc names some languages by their macro-language's member. */
const FRANC_NAMES: Readonly<Record<LanguageCode, LanguageCode>> = { arb: 'ara', pes: 'fas', swh: 'swa' };
const LATIN = ['eng', 'som', 'tur', 'pol', 'ron', 'ita', 'spa', 'por', 'fra', 'vie', 'lit', 'deu', 'swh'];
const CYRILLIC = ['rus', 'ukr', 'bul'];

/** Letters that only one of the languages of a script has. */
const TELLING: Readonly<Record<string, readonly (readonly [LanguageCode, RegExp])[]>> = {
  Arab: [['urd', /[ٹڈڑںےھہۃ]/u], ['fas', /[پچژگ]/u], ['ara', /[ةىيكأإؤئ]/u]],
  Cyrl: [['ukr', /[іїєґ]/iu], ['rus', /[ыэё]/iu], ['bul', /ъ/iu]],
}; // prettier-ignore

/** Says nothing of its writer's language: everybody writes these in all of them (spec: languages.md). */
const NO_EVIDENCE = new Set(
  (
    'ok okay gp gps nhs a e stop start help yes no hi mr mrs dr london royal mile end whitechapel barts bow stepney poplar ' +
    'st rd road street hospital test covid sms whatsapp http https www com uk org'
  ).split(' '),
);

const VOCABULARY = new Map(Object.entries(functionWords).map(([code, list]) => [code, new Set(words(list))]));
const SHARED: LanguageCode = 'zxx';
const SALUTATIONS = salutations();

/**
 * Guesses the language of a text: script first, then telling letters and everyday words, then franc for what is long enough.
 * `und` when there is no evidence: digits, names, emoji, "ok", "GP", "STOP". Confidence 0..1; from 0.8 the guess may be acted on.
 */
export function detectLanguage(text: string): LanguageGuess {
  const counts = countScripts(text);
  const strongest = dominant(counts);
  if (strongest === undefined) return undecided('Zyyy');
  const [script, letters] = strongest;
  const decided = DECIDES[script];
  if (decided !== undefined) return guess(decided, script, letters >= 3 ? 0.99 : 0.85);
  const salutation = SALUTATIONS.get(messageKey(text));
  if (salutation !== undefined) return guess(salutation, script, 0.85);
  return script === 'Latn' ? latin(text) : telling(text, script, letters);
}

/** Three Bengali letters mean Bengali even in mixed text; kana beside Han means Japanese; else the script with most letters. */
function dominant(counts: Map<string, number>): [string, number] | undefined {
  for (const [script, least] of [
    ['Beng', 3],
    ['Jpan', 1],
  ] as const) {
    const letters = counts.get(script) ?? 0;
    if (letters >= least) return [script, letters];
  }
  return [...counts].sort(([, a], [, b]) => b - a)[0];
}

function telling(text: string, script: string, letters: number): LanguageGuess {
  const table = TELLING[script] ?? [];
  const found = table.find(([, letter]) => letter.test(text))?.[0];
  if (found !== undefined) return guess(found, script, letters >= 6 ? 0.95 : 0.85);
  const only = script === 'Arab' ? ['arb', 'urd', 'pes'] : CYRILLIC;
  const second = nameOf(franc(text, { only, minLength: 12 }));
  if (second !== 'und') return guess(second, script, 0.85);
  return undecided(script, table.map(([language]) => language).reverse());
}

/** Latin letters: a language's everyday words must be there, else franc alone would read names and romanised Bengali as anything. */
function latin(text: string): LanguageGuess {
  const known = words(text.slice(0, 1000)).filter((word) => /^\p{L}+$/u.test(word) && !NO_EVIDENCE.has(word));
  if (known.length === 0) return undecided('Latn');
  const shares = shareOfWords(known);
  const [best, second] = shares;
  if (best === undefined) return byFranc(text, known.length);
  const lead = best.share - (second?.share ?? 0);
  const candidates = shares.slice(0, 3).map(({ language, share }) => ({ language, confidence: share }));
  if (ROMANISED.has(best.language)) return undecided('Latn', candidates.map(({ language }) => language)); // prettier-ignore
  if (lead > 0 && (best.hits >= 3 || best.share >= 0.5) && best.share >= 0.3) {
    return { language: best.language, script: 'Latn', confidence: confidenceOf(best.hits, lead), candidates };
  }
  return byFranc(text, known.length, candidates);
}

/** Written in Latin letters these await a model of their own: they are offered, never assumed. */
const ROMANISED: ReadonlySet<LanguageCode> = new Set(['ben', 'urd', 'ara']);

function confidenceOf(hits: number, lead: number): number {
  if (hits >= 3 && lead >= 0.15) return 0.95;
  return hits >= 2 || lead >= 0.5 ? 0.85 : 0.6;
}

function shareOfWords(known: readonly string[]): { language: LanguageCode; hits: number; share: number }[] {
  const shares = [...VOCABULARY].map(([language, vocabulary]) => {
    const hits = known.filter((word) => vocabulary.has(word)).length;
    return { language, hits, share: hits / known.length };
  });
  return shares.filter(({ hits }) => hits > 0).sort((a, b) => b.hits - a.hits);
}

/** franc needs a sentence; on less it guesses (spec: languages.md, measured). */
function byFranc(text: string, count: number, candidates: LanguageGuess['candidates'] = []): LanguageGuess {
  if (count < 4) return { ...undecided('Latn'), candidates };
  const ranked = francAll(text.slice(0, 1000), { only: LATIN }).slice(0, 3);
  const names = ranked.map(([code, confidence]) => ({ language: nameOf(code), confidence }));
  const [first, second] = names;
  const backed = first !== undefined && candidates.some(({ language }) => language === first.language);
  if (!backed || first.confidence - (second?.confidence ?? 0) < 0.05)
    return { ...undecided('Latn'), candidates: [...candidates, ...names].slice(0, 3) };
  return { language: first.language, script: 'Latn', confidence: 0.8, candidates: names };
}

function nameOf(code: string): LanguageCode {
  return FRANC_NAMES[code] ?? code;
}

function guess(language: LanguageCode, script: string, confidence: number): LanguageGuess {
  return { language, script, confidence, candidates: [{ language, confidence }] };
}

function undecided(script: string, candidates: LanguageCode[] = []): LanguageGuess {
  return {
    language: 'und',
    script,
    confidence: 0,
    candidates: candidates.map((language) => ({ language, confidence: 0.3 })),
  };
}

/** Greetings that only one language has say which it is; "salam", which many have, says nothing. */
function salutations(): Map<string, LanguageCode> {
  const owners = new Map<string, LanguageCode>();
  for (const { language, words: phrases } of wordsByLanguage('greeting')) {
    for (const phrase of phrases) {
      const key = messageKey(phrase);
      owners.set(key, (owners.get(key) ?? language) === language ? language : SHARED);
    }
  }
  return new Map([...owners].filter(([, language]) => language !== SHARED));
}
