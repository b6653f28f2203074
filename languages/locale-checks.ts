import type { LanguageCode } from '../models/vocabulary.ts';
import type { Locale } from './locale.ts';

const PLURAL = /_(?:zero|one|two|few|many|other)$/;

/** Throws one error that names every gap: a missing or empty text, a missing plural form, a placeholder too many or too few. */
export function assertComplete(locales: readonly Locale[], reference: LanguageCode): void {
  const original = locales.find(({ meta }) => meta.language === reference);
  if (!original) throw new Error(`No locale ${reference}`);
  const gaps = locales.flatMap((locale) => gapsOf(locale, original));
  if (gaps.length > 0) throw new Error(`The catalogue is incomplete:\n${gaps.join('\n')}`);
}

/** What a locale lacks beside the reference, one line each. */
export function gapsOf(locale: Locale, reference: Locale): string[] {
  const language = locale.meta.language;
  const own = flatten(locale);
  const wanted = flatten(reference);
  const forms = [...wanted.keys()].filter((key) => !isShort(key)).flatMap((key) => formsOf(key, language));
  const missing = forms.filter((form) => !own.has(form)).map((form) => `${language} misses ${form}`);
  const unlike = [...own].filter(([key, text]) => placeholders(text) !== placeholders(wanted.get(key) ?? text));
  const unknown = [...own.keys()].filter((key) => !PLURAL.test(key) && !wanted.has(key.replace(/_short$/, '')));
  return [
    ...missing,
    ...[...own].filter(([, text]) => text.trim() === '').map(([key]) => `${language} ${key} is empty`),
    ...unlike.map(([key]) => `${language} ${key} has other placeholders`),
    ...unknown.map((key) => `${language} ${key} is unknown to ${reference.meta.language}`),
  ];
}

/** The sorted names of a text's `{{placeholders}}`, as one comparable string. */
export function placeholders(text: string): string {
  const names = [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name);
  return [...new Set(names)].sort().join(' ');
}

/** A short form is optional: without one the text itself is short enough. */
function isShort(key: string): boolean {
  return key.endsWith('_short');
}

/** A counted text needs every plural form of its language (Unicode CLDR, through Intl.PluralRules). */
function formsOf(key: string, language: LanguageCode): string[] {
  if (!PLURAL.test(key)) return [key];
  const base = key.replace(PLURAL, '');
  return new Intl.PluralRules(language).resolvedOptions().pluralCategories.map((form) => `${base}_${form}`);
}

function flatten({ texts }: Locale): Map<string, string> {
  const entries = Object.entries(texts).flatMap(([namespace, keys]) =>
    Object.entries(keys).map(([key, text]): [string, string] => [`${namespace}.${key}`, text]),
  );
  return new Map(entries);
}
