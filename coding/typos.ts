/** Words of a lexicon findable with one letter missing, added, changed or swapped. */
export interface TypoIndex {
  byDeletion: ReadonlyMap<string, readonly string[]>;
  notTypos: ReadonlySet<string>;
}

/** Shorter words have too many neighbours that mean something else; Arabic words, built on three letters, most of all. */
const SHORTEST = { latin: 7, bengali: 6, arabic: 7 } as const;
const ARTICLE = 'ال';

function isLongEnough(word: string): boolean {
  const letter = word.charCodeAt(0);
  if (letter < 0x250) return word.length >= SHORTEST.latin;
  if (letter >= 0x980) return word.length >= SHORTEST.bengali;
  return word.length >= SHORTEST.arabic && !word.startsWith(ARTICLE);
}

function deletionsOf(word: string): string[] {
  return Array.from(word, (_, at) => word.slice(0, at) + word.slice(at + 1));
}

/** Indexes the plain words among the keys (no `=word`, no `begin*`) by what is left when one letter is taken out. */
export function typoIndex(keys: Iterable<string>, notTypos: ReadonlySet<string>): TypoIndex {
  const byDeletion = new Map<string, string[]>();
  for (const key of keys) {
    if (key.startsWith('=') || key.endsWith('*') || !isLongEnough(key)) continue;
    for (const rest of [key, ...deletionsOf(key)]) {
      const same = byDeletion.get(rest);
      if (same === undefined) byDeletion.set(rest, [key]);
      else if (!same.includes(key)) same.push(key);
    }
  }
  return { byDeletion, notTypos };
}

function commonLength(a: string, b: string, step: 1 | -1, most: number): number {
  const at = (word: string, taken: number): string | undefined => word.at(step === 1 ? taken : -1 - taken);
  let taken = 0;
  while (taken < most && at(a, taken) === at(b, taken)) taken += 1;
  return taken;
}

/** Whether two words are at most one insertion, deletion, change or swap of neighbours apart. */
export function isOneSlipApart(a: string, b: string): boolean {
  const shorter = Math.min(a.length, b.length);
  const head = commonLength(a, b, 1, shorter);
  const tail = commonLength(a, b, -1, shorter - head);
  const [left, right] = [a.slice(head, a.length - tail), b.slice(head, b.length - tail)];
  if (left.length <= 1 && right.length <= 1) return true;
  return left.length === 2 && right.length === 2 && left === `${right.charAt(1)}${right.charAt(0)}`;
}

/**
 * The lexicon word a misspelt word most likely stands for; undefined for a short word, a word known to be another one, or where
 * nothing is one slip away. The first letter must be right: people seldom miss it, and it halves the mistakes.
 */
export function correctTypo(forms: readonly string[], index: TypoIndex): string | undefined {
  if (forms.some((form) => index.notTypos.has(form))) return undefined;
  for (const form of forms) {
    if (!isLongEnough(form)) continue;
    for (const rest of [form, ...deletionsOf(form)]) {
      const found = index.byDeletion
        .get(rest)
        ?.find((key) => key.startsWith(form.charAt(0)) && isOneSlipApart(key, form));
      if (found !== undefined) return found;
    }
  }
  return undefined;
}
