/**
 * Letters that everyday spelling does not keep apart, mapped to one of them. Vowel signs are never dropped; a long sign only
 * becomes its short one. Applied after NFKC, which takes ড় ঢ় য় apart into letter and dot.
 */
const SAME_SOUND: Readonly<Record<string, string>> = {
  'ড\u09bc': 'র',
  'ঢ\u09bc': 'র',
  'য\u09bc': 'য',
  '\u09c0': '\u09bf', // ী → ি
  '\u09c2': '\u09c1', // ূ → ু
  ঈ: 'ই',
  ঊ: 'উ',
  ণ: 'ন',
  শ: 'স',
  ষ: 'স',
  ৎ: 'ত',
};

/** Joiners, chandrabindu and visarga are often left out, so they always are. */
const FOLDED =
  /[\u09a1\u09a2\u09af]\u09bc|[\u09c0\u09c2]|[\u200c\u200d]|\u0981|\u0983|[\u0988\u098a\u09a3\u09b6\u09b7\u09ce]/g;

/** Bengali letters with everyday spelling variants made one: শ ষ স, ন ণ, long and short i and u, ড় and র, য় and য. */
export function foldBengali(word: string): string {
  return word.normalize('NFKC').replace(FOLDED, (letter) => SAME_SOUND[letter] ?? '');
}

/** Endings of nouns, as folded: plural, classifier, case, and the emphatic ও and ই. Longest first. */
const ENDINGS = [
  'গুলোকে',
  'গুলোতে',
  'গুলোর',
  'গুলার',
  'গুলো',
  'গুলা',
  'গুলি',
  'দেরকে',
  'েদের',
  'দের',
  'টাকে',
  'টাতে',
  'টাই',
  'টার',
  'টিকে',
  'টির',
  'েরা',
  'যের',
  'েতে',
  'টা',
  'টি',
  'রা',
  'ের',
  'কে',
  'তে',
  'যে',
  'য',
  'র',
  'ে',
  'ও',
  'ই',
].map((ending) => foldBengali(ending));

const MIN_STEM = 2;

function withoutEnding(word: string): string | undefined {
  const ending = ENDINGS.find((candidate) => word.endsWith(candidate) && word.length - candidate.length >= MIN_STEM);
  return ending === undefined ? undefined : word.slice(0, -ending.length);
}

/** The folded word and what is left of it after taking off up to three endings, one by one: ডাক্তারদেরও → ডাক্তারদের → ডাক্তার. */
export function bengaliForms(folded: string): string[] {
  const forms = [folded];
  let current: string | undefined = folded;
  for (let taken = 0; taken < 3; taken += 1) {
    current = withoutEnding(current);
    if (current === undefined) break;
    forms.push(current);
  }
  return forms;
}
