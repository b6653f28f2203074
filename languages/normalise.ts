/**
 * Folding of text for comparison, shared by everything that matches words. The original is never changed: fold a copy.
 * Measured pitfalls this avoids (spec: safeguarding.md): stripping all combining marks destroys Bengali vowels; `'İ'.toLowerCase()`
 * is two characters; NFKC does not unify Urdu and Arabic letters.
 */

const FORMAT = /[\p{Cf}\p{Cc}\p{Variation_Selector}\u20e3]/gu;
const FOLDABLE_MARK = /([\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Arabic}])\p{Mn}+/gu;
const WORD = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*(?:['’][\p{L}\p{M}]+)*/gu;
const NATIVE_DIGIT = /(?![0-9])\p{Nd}/gu;

// prettier-ignore
const LETTERS: Readonly<Record<string, string>> = {
  ı: 'i', ł: 'l', ø: 'o', đ: 'd', ß: 'ss', æ: 'ae', œ: 'oe',
  أ: 'ا', إ: 'ا', آ: 'ا', ٱ: 'ا', ى: 'ي', ی: 'ي', ئ: 'ي', ؤ: 'و', ة: 'ه', ہ: 'ه', ۃ: 'ه', ک: 'ك', ـ: '',
  '’': "'", '‘': "'", 'ʼ': "'", '`': "'", '´': "'",
};
const LETTER = new RegExp(`[${Object.keys(LETTERS).join('')}]`, 'gu');

/** Removes U+0000 and lone surrogates, which no store keeps faithfully; everything else stays as written. */
export function storable(text: string): string {
  return text.replace(/\p{Cs}/gu, '\ufffd').replaceAll('\u0000', '');
}

/** Decimal digits of any script as ASCII digits: `৩`, `٣` and `۳` become `3`. */
export function asciiDigits(text: string): string {
  return text.replace(NATIVE_DIGIT, (digit) => String(digitValue(digit)));
}

/** Decimal digits stand in runs of ten from zero (Unicode Standard, section 4.6), so the offset to the run's start is the value. */
function digitValue(digit: string): number {
  const code = digit.codePointAt(0) ?? 0;
  let start = code;
  while (code - start < 9 && /\p{Nd}/u.test(String.fromCodePoint(start - 1))) start -= 1;
  return code - start;
}

/** Folds case, width, digits, Latin/Greek/Cyrillic/Arabic marks and letter variants. Bengali vowel signs are kept. */
export function fold(text: string): string {
  if (/^[\u0020-\u007e]*$/.test(text)) return text.toLowerCase();
  const plain = text.replaceAll('İ', 'i').normalize('NFKC').replace(FORMAT, blankControl).toLowerCase();
  const stripped = plain.normalize('NFD').replace(FOLDABLE_MARK, '$1').normalize('NFC');
  return asciiDigits(stripped.replace(LETTER, (letter) => LETTERS[letter] ?? letter));
}

function blankControl(character: string): string {
  return /\s/u.test(character) ? ' ' : '';
}

/** The words of a text, folded, in order. Punctuation and emoji are no words. */
export function words(text: string): string[] {
  return (fold(text).match(WORD) ?? []).map((word) => word.replaceAll("'", ''));
}

/** A whole message as one comparable key: folded words joined by single spaces. Empty when there are none. */
export function messageKey(text: string): string {
  return words(text).join(' ');
}
