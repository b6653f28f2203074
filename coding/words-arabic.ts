/** Letters that everyday Arabic spelling does not keep apart, mapped to one. */
const SAME_LETTER: Readonly<Record<string, string>> = {
  أ: 'ا',
  إ: 'ا',
  آ: 'ا',
  ٱ: 'ا',
  ى: 'ي',
  ی: 'ي',
  ې: 'ي',
  ئ: 'ي',
  ة: 'ه',
  ۃ: 'ه',
  ہ: 'ه',
  ە: 'ه',
  ؤ: 'و',
  ک: 'ك',
};

/** Beside these letters: vowel marks, tanwin, shadda, tatweel and joiners, which go. */
const FOLDED =
  /[\u0623\u0625\u0622\u0671\u0649\u06cc\u06d0\u0626\u0629\u06c3\u06c1\u06d5\u0624\u06a9\u0640]|[\u064b-\u065f]|\u0670|[\u0610-\u061a]|[\u06d6-\u06ed]|[\u200c\u200d]/g;

/** Arabic letters without marks, with alef, ya and ta marbuta made one. */
export function foldArabic(word: string): string {
  // NFKC first: it turns presentation forms into letters and joins a hamza written apart from its carrier.
  return word.normalize('NFKC').replace(FOLDED, (letter) => SAME_LETTER[letter] ?? '');
}

/** What may stand before a word: conjunctions, prepositions and the article, longest first. */
const PREFIXES = [
  'وبال',
  'فبال',
  'وكال',
  'ولل',
  'فلل',
  'وال',
  'فال',
  'بال',
  'كال',
  'لل',
  'ال',
  'و',
  'ف',
  'ب',
  'ل',
  'ك',
  'س',
];

/** Plural, dual, feminine and pronoun endings, longest first. */
const ENDINGS = [
  'تهم',
  'تها',
  'تنا',
  'اتي',
  'هما',
  'ات',
  'ون',
  'ين',
  'ان',
  'هم',
  'ها',
  'هن',
  'نا',
  'ني',
  'كم',
  'وا',
  'ه',
  'ي',
  'ك',
  'ت',
  'ا',
];

const MIN_STEM = 3;

/** The folded word, then without prefixes, then each of these without its ending; at most six. */
export function arabicForms(folded: string): string[] {
  const forms = new Set([folded]);
  for (const prefix of PREFIXES) {
    if (folded.startsWith(prefix) && folded.length - prefix.length >= MIN_STEM) {
      forms.add(folded.slice(prefix.length));
      if (forms.size === 3) break;
    }
  }
  for (const form of [...forms]) {
    const ending = ENDINGS.find((candidate) => form.endsWith(candidate) && form.length - candidate.length >= MIN_STEM);
    if (ending !== undefined) forms.add(form.slice(0, -ending.length));
  }
  return [...forms];
}
