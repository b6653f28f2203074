import { createInstance, type i18n } from 'i18next';
import type { LanguageCode } from '../models/vocabulary.ts';
import { LOCALES, type Locale } from './locale.ts';
import { assertComplete } from './locale-checks.ts';

/** What may stand in a text's placeholder: a value, another catalogue text, or a list of either, joined as the language joins. */
export type TextParam = string | number | TextRef | { list: (string | TextRef)[] };
export interface TextRef {
  key: string;
  params?: Record<string, TextParam>;
}

export interface SayOptions {
  /** The channel pays by the character: use the short form where a text has one. */
  short: boolean;
}

/** All that is ever said to residents. */
export interface Catalogue {
  /** The languages we can write in. */
  readonly languages: readonly LanguageCode[];
  /**
   * The text of `key` (`namespace.key`) in `language`, else in English. Never empty. A conversation whose language we cannot
   * write is told so by the dialog once (`language.cannot-write`). Throws for a key that no locale has: that is our bug.
   */
  say(language: LanguageCode, key: string, params?: Readonly<Record<string, TextParam>>, options?: SayOptions): string;
  /** Whether a text exists under this key. */
  has(key: string): boolean;
  /** The key's text in every language and form: how an answer in any of them is recognised. */
  variants(key: string): string[];
}

const FALLBACK: LanguageCode = 'eng';

/** Builds the catalogue from the locales. Throws at start, naming every gap, when a locale misses a key or a placeholder. */
export function createCatalogue(locales: readonly Locale[] = LOCALES): Catalogue {
  assertComplete(locales, FALLBACK);
  const languages = locales.map(({ meta }) => meta.language);
  const speaker = new Speaker(startI18next(locales), languages);
  return {
    languages,
    say: (language, key, params = {}, { short } = { short: false }) => speaker.say(language, key, params, short),
    has: (key) => speaker.has(key),
    variants: (key) => speaker.variants(key),
  };
}

class Speaker {
  private readonly texts: i18n;
  private readonly languages: readonly LanguageCode[];

  constructor(texts: i18n, languages: readonly LanguageCode[]) {
    this.texts = texts;
    this.languages = languages;
  }

  has(key: string): boolean {
    const { ns, name } = lookup(key);
    return this.texts.exists(name, { ns, lng: FALLBACK, count: 1 });
  }

  say(language: LanguageCode, key: string, params: Readonly<Record<string, TextParam>>, short: boolean): string {
    if (!this.has(key)) throw new Error(`No text in the catalogue for ${key}`);
    const { ns, name } = lookup(key);
    const lng = this.languages.includes(language) ? language : FALLBACK;
    const values: Record<string, string | number> = {};
    for (const [param, value] of Object.entries(params)) values[param] = this.render(value, lng, short);
    return this.texts.t(name, { ...values, ns, lng, nest: false, ...(short && { context: 'short' }) });
  }

  variants(key: string): string[] {
    const forms = this.languages.flatMap((lng) => [this.say(lng, key, {}, false), this.say(lng, key, {}, true)]);
    return [...new Set(forms)];
  }

  private render(value: TextParam, lng: LanguageCode, short: boolean): string | number {
    if (typeof value !== 'object') return value;
    if ('key' in value) return this.say(lng, value.key, value.params ?? {}, short);
    const items = value.list.map((item) => String(this.render(item, lng, short)));
    return new Intl.ListFormat(lng, { type: 'conjunction' }).format(items);
  }
}

/** `consent.hello` is the text `hello` of the namespace `consent`. */
function lookup(key: string): { ns: string; name: string } {
  const dot = key.indexOf('.');
  return { ns: key.slice(0, dot), name: key.slice(dot + 1) };
}

/** Resident's words go into texts as they are: no HTML is made here, and what they write is never read as a text of ours. */
function startI18next(locales: readonly Locale[]): i18n {
  const texts = createInstance();
  void texts.init({
    resources: Object.fromEntries(locales.map(({ meta, texts: namespaces }) => [meta.language, { ...namespaces }])),
    ns: Object.keys(locales[0]?.texts ?? {}),
    fallbackLng: false,
    initAsync: false,
    keySeparator: false,
    nsSeparator: false,
    returnEmptyString: false,
    interpolation: { escapeValue: false, skipOnVariables: true },
  });
  return texts;
}
