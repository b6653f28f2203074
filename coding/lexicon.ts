import { findCode } from './frames.ts';
import { lexiconSchema, type LexiconBlock, type LexiconFile } from './lexicon-schema.ts';
import { typoIndex, type TypoIndex } from './typos.ts';
import { foldWord, lexiconWord } from './words.ts';

export type Sentiment = 'positive' | 'negative' | 'neutral';

/** A form ready for matching: the key of each word, and how many words may stand before it. */
export interface Form {
  written: string;
  kind: 'issue' | 'stage' | 'sentiment' | 'except';
  code: string;
  weight: number;
  sentiment?: Sentiment;
  leans?: 'positive' | 'negative';
  negatable: boolean;
  keys: string[];
  gaps: number[];
}

/** One or more languages' lexicons compiled into one index. */
export interface Lexicon {
  byFirstKey: ReadonlyMap<string, readonly Form[]>;
  /** Every key any form, negation or clause word uses. */
  vocabulary: ReadonlySet<string>;
  /** The words of keys `=word` and `begin*`, and the lengths of the latter, rising. */
  exact: ReadonlySet<string>;
  prefixes: ReadonlySet<string>;
  prefixLengths: readonly number[];
  clauseWords: ReadonlySet<string>;
  joiningWords: ReadonlySet<string>;
  negatesAfter: ReadonlySet<string>;
  negatesBefore: ReadonlySet<string>;
  negativeEndings: readonly string[];
  reach: number;
  typos: TypoIndex;
}

const GAP = 4;

/** The key under which a word of a form is looked up: `=word`, `begin*`, or its stem. */
function keyOf(word: string): string {
  if (word.startsWith('=')) return `=${foldWord(word.slice(1))}`;
  if (word.endsWith('*')) return `${foldWord(word.slice(0, -1))}*`;
  return lexiconWord(word);
}

function compileForm(written: string, rest: Omit<Form, 'written' | 'keys' | 'gaps'>): Form {
  const keys: string[] = [];
  const gaps: number[] = [];
  let gap = 0;
  for (const word of written.split(/\s+/)) {
    if (word === '…') {
      gap = GAP;
      continue;
    }
    keys.push(keyOf(word));
    gaps.push(gap);
    gap = 0;
  }
  return { written, keys, gaps, ...rest };
}

function blockForms(kind: 'issue' | 'stage', codes: Record<string, LexiconBlock[]>): Form[] {
  return Object.entries(codes).flatMap(([code, blocks]) =>
    blocks.flatMap(({ forms, weight, negatable, sentiment, leans }) =>
      forms.map((form) =>
        compileForm(form, { kind, code, weight, negatable, ...(sentiment && { sentiment }), ...(leans && { leans }) }),
      ),
    ),
  );
}

function sentimentForms(file: LexiconFile): Form[] {
  return (['positive', 'negative'] as const).flatMap((sentiment) =>
    file.sentiment[sentiment].map((written) => {
      const negatable = !written.startsWith('!');
      const form = negatable ? written : written.slice(1);
      return compileForm(form, { kind: 'sentiment', code: sentiment, weight: 1, sentiment, negatable });
    }),
  );
}

function formsOf(file: LexiconFile): Form[] {
  return [
    ...blockForms('issue', file.issues),
    ...blockForms('stage', file.stages),
    ...sentimentForms(file),
    ...file.negation.except.map((written) =>
      compileForm(written, { kind: 'except', code: '', weight: 1, negatable: false }),
    ),
  ];
}

/**
 * Validates one lexicon file: its shape, and that every code exists in the frames.
 * @throws Error naming all problems
 */
export function readLexicon(file: unknown): LexiconFile {
  const parsed = lexiconSchema.parse(file);
  const unknown = [
    ...Object.keys(parsed.issues).filter((code) => findCode('issues', code) === undefined),
    ...Object.keys(parsed.stages).filter((code) => findCode('care-pathway', code) === undefined),
  ];
  if (unknown.length > 0) throw new Error(`Lexicon ${parsed.language}: unknown codes ${unknown.join(', ')}`);
  return parsed;
}

function indexByFirstKey(forms: readonly Form[]): Map<string, Form[]> {
  const index = new Map<string, Form[]>();
  for (const form of forms) {
    const first = form.keys[0] ?? '';
    const same = index.get(first);
    if (same === undefined) index.set(first, [form]);
    else same.push(form);
  }
  return index;
}

/** Compiles lexicons into one index; a story that mixes languages is read with all of them at once. */
export function compileLexicon(files: readonly LexiconFile[]): Lexicon {
  const forms = files.flatMap(formsOf);
  const keys = (pick: (file: LexiconFile) => readonly string[]): Set<string> =>
    new Set(files.flatMap((file) => pick(file).map(keyOf)));
  const clauseWords = keys((file) => file.clauseWords);
  const joiningWords = keys((file) => file.joiningWords);
  const negatesAfter = keys((file) => file.negation.before);
  const negatesBefore = keys((file) => file.negation.after);
  const used = [
    ...forms.flatMap((form) => form.keys),
    ...clauseWords,
    ...joiningWords,
    ...negatesAfter,
    ...negatesBefore,
  ];
  const vocabulary = new Set(used);
  const prefixes = new Set(used.filter((key) => key.endsWith('*')).map((key) => key.slice(0, -1)));
  return {
    byFirstKey: indexByFirstKey(forms),
    vocabulary,
    exact: new Set(used.filter((key) => key.startsWith('=')).map((key) => key.slice(1))),
    prefixes,
    prefixLengths: [...new Set([...prefixes].map((begin) => begin.length))].toSorted((a, b) => a - b),
    clauseWords,
    joiningWords,
    negatesAfter,
    negatesBefore,
    negativeEndings: files.flatMap((file) => file.negation.endings.map(foldWord)),
    reach: Math.max(...files.map((file) => file.negation.reach)),
    typos: typoIndex(vocabulary, new Set(files.flatMap((file) => file.notTypos.map(lexiconWord)))),
  };
}
