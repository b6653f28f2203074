/** Scripts we tell apart, by ISO 15924 code. Digits and punctuation are no evidence of any. */
const SCRIPTS: readonly (readonly [script: string, letter: RegExp])[] = [
  ['Latn', /\p{Script=Latin}/u],
  ['Beng', /\p{Script=Bengali}/u],
  ['Arab', /\p{Script=Arabic}/u],
  ['Cyrl', /\p{Script=Cyrillic}/u],
  ['Sylo', /\p{Script=Syloti_Nagri}/u],
  ['Deva', /\p{Script=Devanagari}/u],
  ['Guru', /\p{Script=Gurmukhi}/u],
  ['Gujr', /\p{Script=Gujarati}/u],
  ['Taml', /\p{Script=Tamil}/u],
  ['Jpan', /[\p{Script=Hiragana}\p{Script=Katakana}]/u],
  ['Hani', /\p{Script=Han}/u],
];

const SAMPLE = 400;

/**
 * Letters of each script in the first 400 characters of a text. Vowel signs count as letters: a Bengali syllable is often one
 * letter and one sign. Letters of a script we do not tell apart count under `Zzzz`.
 */
export function countScripts(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const character of text.slice(0, SAMPLE)) {
    if (!/[\p{L}\p{M}]/u.test(character) || /[\u0300-\u036f\u064b-\u0652\ufe0f\u20e3]/u.test(character)) continue;
    const script = SCRIPTS.find(([, letter]) => letter.test(character))?.[0] ?? 'Zzzz';
    counts.set(script, (counts.get(script) ?? 0) + 1);
  }
  return counts;
}
