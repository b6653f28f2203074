/**
 * Letters that everyday spelling does not keep apart, mapped to one of them. Vowel signs are never dropped; a long sign only
 * becomes its short one. Written after NFKC, which decomposes ড় ঢ় য় into letter and dot.
 */
const SAME_SOUND: readonly (readonly [RegExp, string])[] = [
  [/[\u200c\u200d\u0981\u0983]/g, ''], // joiners, chandrabindu and visarga, often left out
  [/\u09a1\u09bc|\u09a2\u09bc/g, 'র'], // ড় ঢ়
  [/\u09af\u09bc/g, 'য'], // য়
  [/\u09c0/g, '\u09bf'], // ী → ি
  [/\u09c2/g, '\u09c1'], // ূ → ু
  [/ঈ/g, 'ই'],
  [/ঊ/g, 'উ'],
  [/ণ/g, 'ন'],
  [/[শষ]/g, 'স'],
  [/ৎ/g, 'ত'],
];

/** Bengali letters with everyday spelling variants made one: শ ষ স, ন ণ, long and short i and u, ড় and র, য় and য. */
export function foldBengali(word: string): string {
  return SAME_SOUND.reduce((text, [from, to]) => text.replace(from, to), word.normalize('NFKC'));
}

/** Endings of nouns, as folded: plural, classifier, case, and the emphatic ও and ই. Longest first. */
const ENDINGS = [
  'গুলোকে', 'গুলোতে', 'গুলোর', 'গুলার', 'গুলো', 'গুলা', 'গুলি', 'দেরকে', 'েদের', 'দের', 'টাকে', 'টাতে', 'টাই', 'টার', 'টিকে', 'টির',
  'েরা', 'যের', 'েতে', 'টা', 'টি', 'রা', 'ের', 'কে', 'তে', 'যে', 'য', 'র', 'ে', 'ও', 'ই',
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
