/** Bengali case and plural endings, longest first: নার্সদের, নার্সের, নার্সকে and নার্সরা are all নার্স. */
const BENGALI_ENDING = /(?:গুলোর|গুলোতে|গুলো|গুলি|দেরকে|দের|ের|েরা|রা|কে|তে|টার|টাতে|টা|টি|য়ের|য়ে|র|ে)$/u;
/** Arabic article with the particles written onto it: والتمريض, بالتمريض and للتمريض are all تمريض. */
const ARABIC_BEGINNING = /^(?:و|ف)?(?:ال|بال|كال|لل)/u;
const ENGLISH_ENDING = /s$/;

/** A rough stem of one folded word, for comparing only; never shorter than three characters. */
export function stem(word: string): string {
  const first = word.charCodeAt(0);
  if (first >= 0x0980 && first <= 0x09ff) return cut(word, BENGALI_ENDING);
  if (first >= 0x0600 && first <= 0x06ff) return cut(word, ARABIC_BEGINNING);
  return cut(word, ENGLISH_ENDING);
}

function cut(word: string, affix: RegExp): string {
  const rest = word.replace(affix, '');
  return rest.length >= 3 ? rest : word;
}
