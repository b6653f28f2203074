/** Consonants of Bengali and Arabic as Latin letters; vowels and what English spells silently are left out. */
// prettier-ignore
const CONSONANTS: Readonly<Record<string, string>> = {
  ক: 'k', খ: 'k', গ: 'g', ঘ: 'g', ঙ: 'ng', চ: 'c', ছ: 's', জ: 'j', ঝ: 'j', ঞ: 'n', ট: 't', ঠ: 't', ড: 'd', ঢ: 'd', ণ: 'n',
  ত: 't', থ: 't', দ: 'd', ধ: 'd', ন: 'n', প: 'p', ফ: 'f', ব: 'b', ভ: 'b', ম: 'm', য: 'j', র: 'r', ল: 'l', শ: 's', ষ: 's', স: 's', 'ং': 'n',
  ب: 'b', ت: 't', ث: 't', ج: 'g', ح: '', خ: 'k', د: 'd', ذ: 'd', ر: 'r', ز: 's', س: 's', ش: 's', ص: 's', ض: 'd', ط: 't', ظ: 'd',
  غ: 'g', ف: 'f', ق: 'k', ك: 'k', ل: 'l', م: 'm', ن: 'n', پ: 'b', چ: 'c', گ: 'g',
};

/**
 * The consonants of a folded word in whatever script, so that a name is recognised across scripts: "Royal", "রয়েল" and "رويال" are
 * all `rl`; "London", "লন্ডন" and "لندن" all `lndn`. Rough on purpose: good only beside other evidence.
 */
export function skeleton(word: string): string {
  const dotted = word.replaceAll('\u09af\u09bc', '').replaceAll(/[\u09a1\u09a2]\u09bc/gu, 'r');
  const latin = dotted.replace(/[^a-z]/gu, (letter) => CONSONANTS[letter] ?? '');
  return latin
    .replace(/ph/g, 'f')
    .replace(/ch|tch/g, 'c')
    .replace(/sh/g, 's')
    .replace(/(?:ck|q|x)/g, 'k')
    .replace(/th/g, 't')
    .replace(/z/g, 's')
    .replace(/c(?![aeiou])/g, 'k')
    .replace(/[aeiouwyh']/g, '')
    .replace(/(.)\1+/g, '$1')
    .replace(/[pv]/g, 'b')
    .replace(/c/g, 'k');
}
