import { sameButForTypos } from './similarity.ts';

/** One folded word in the forms it is compared in. */
export interface Token {
  word: string;
  stem: string;
  /** Its consonants in Latin letters (skeleton.ts). */
  bones: string;
}

/** How alike two words may be and still count. */
export interface Likeness {
  typos: boolean;
  /** Also across scripts, by consonants. */
  bones: boolean;
}

const STEM = 0.97;
const TYPO = 0.9;
const BONES = 0.88;
const FEW_BONES = 0.7;

/** A set of known words, arranged so that those like a given word are found without comparing all. */
export class Vocabulary {
  private readonly words = new Set<string>();
  private readonly byStem = new Map<string, string[]>();
  private readonly byBones = new Map<string, string[]>();
  private readonly byLength = new Map<number, string[]>();

  constructor(tokens: Iterable<Token>) {
    for (const { word, stem, bones } of tokens) {
      if (this.words.has(word)) continue;
      this.words.add(word);
      push(this.byStem, stem, word);
      push(this.byLength, word.length, word);
      if (bones.length >= 2) push(this.byBones, bones, word);
    }
  }

  /** The known words like this one, each with how alike (0..1): equal, but for an ending, but for typing, but for script. */
  alike(token: Token, { typos, bones }: Likeness): Map<string, number> {
    const known = this.words.has(token.word);
    const found = new Map<string, number>();
    const add = (words: readonly string[] | undefined, likeness: number): void => {
      for (const word of words ?? []) found.set(word, likeness);
    };
    if (bones) add(this.byBones.get(token.bones), token.bones.length >= 3 ? BONES : FEW_BONES);
    if (typos && !known) add(this.typosOf(token.word), TYPO);
    add(this.byStem.get(token.stem), STEM);
    if (known) found.set(token.word, 1);
    return found;
  }

  private typosOf(word: string): string[] {
    if (word.length < 4) return [];
    const slack = word.length >= 8 ? [-2, -1, 0, 1, 2] : [-1, 0, 1];
    const near = slack.flatMap((difference) => this.byLength.get(word.length + difference) ?? []);
    return near.filter(
      (known) =>
        (known.startsWith(word.charAt(0)) || known.endsWith(word.charAt(word.length - 1))) &&
        sameButForTypos(known, word),
    );
  }
}

function push<K>(map: Map<K, string[]>, key: K, word: string): void {
  const list = map.get(key);
  if (list) list.push(word);
  else map.set(key, [word]);
}
