import { describe, expect, test } from '@jest/globals';
import { suggestCodings } from '../../coding/suggest.ts';
import { findHits, readWords } from '../../coding/match.ts';
import { lexiconFor } from '../../coding/lexicons.ts';
import { wordsOf } from '../../coding/words.ts';
import { suggestionCases } from './suggestion-cases.ts';

const labelled = suggestionCases.map((one) => [`${one.language}: ${one.label}`, one] as const);
const codes = (text: string, language: string): string[] =>
  suggestCodings({ texts: [text], language, stages: [] })
    .map((row) => `${row.scheme}/${row.code}/${row.sentiment}`)
    .toSorted();

/** Sentences that speak of nothing a code stands for. */
const unrelated: Record<string, string> = {
  eng: 'It rained on Tuesday and my cousin came over. ',
  ben: 'মঙ্গলবার বৃষ্টি হয়েছিল। ',
  'ben-Latn': 'mongolbar brishti hoyechilo. ',
  ara: 'يوم الثلاثاء نزل المطر. ',
};

describe('changes of a story that change no suggestion', () => {
  test.each(labelled)('case, composition and closing punctuation: %s', (_, { text, language }) => {
    const told = codes(text, language);
    expect(codes(text.toUpperCase(), language)).toEqual(told);
    expect(codes(text.normalize('NFD'), language)).toEqual(told);
    expect(codes(`${text}!!! `, language)).toEqual(told);
    expect(codes(text.replaceAll(' ', '  '), language)).toEqual(told);
  });

  test.each(labelled.filter(([, one]) => !one.expected.includes('general-comment:0')))(
    'an unrelated sentence before or after takes nothing away: %s',
    (_, { text, language }) => {
      const told = codes(text, language);
      const more = unrelated[language] ?? '';
      expect(codes(`${more}${text}`, language)).toEqual(expect.arrayContaining(told));
      expect(codes(`${text}. ${more}`, language)).toEqual(expect.arrayContaining(told));
    },
  );

  test('saying it twice makes it no surer', () => {
    const once = suggestCodings({ texts: ['The nurse was rude.'], language: 'eng', stages: [] });
    const twice = suggestCodings({ texts: ['The nurse was rude. The nurse was rude.'], language: 'eng', stages: [] });
    expect(twice.map((row) => row.confidence)).toEqual(once.map((row) => row.confidence));
  });
});

/** A small generator with a fixed seed (mulberry32), so that a failure can be repeated. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296;
  };
}

describe('hostile texts', () => {
  test('random characters, scripts mixed, never throw and stay in bounds', () => {
    const random = randomFrom(20261122);
    const pieces = [
      'wait',
      'না',
      'لم',
      'not ',
      '\u0000',
      '\u202e',
      '😀',
      '\ud800',
      '্',
      "'",
      '…',
      'নি',
      '\n',
      ', ',
      'ال',
      '=',
      '*',
      'x'.repeat(60),
    ];
    for (let round = 0; round < 400; round += 1) {
      const text = Array.from({ length: 40 }, () =>
        random() < 0.6
          ? pieces[Math.floor(random() * pieces.length)]
          : String.fromCodePoint(Math.floor(random() * 0x10ffff)),
      ).join(random() < 0.5 ? ' ' : '');
      for (const language of ['eng', 'ben', 'ara', 'und']) {
        const rows = suggestCodings({ texts: [text], language, stages: [] });
        expect(rows.length).toBeGreaterThan(0);
        expect(rows.length).toBeLessThanOrEqual(8);
        expect(rows.flatMap((row) => row.because ?? []).every((words) => words.length <= 200)).toBe(true);
      }
    }
  });

  /** Forms looked at per word must not grow with the text; time would depend on the machine. */
  test.each([
    ['one word over and over', 'wait '],
    ['a negation over and over', 'not '],
    ['openings of long forms', 'staff nurse doctor '],
    ['apostrophes', "'"],
    ['no break at all', 'a'],
    ['Bengali endings', 'ডাক্তারদেরকেও '],
    ['Arabic prefixes', 'وبالانتظار '],
    ['marks without letters', '\u09be'],
  ])('ten thousand characters of %s: hits stay in proportion', (_, piece) => {
    const lexicon = lexiconFor('und');
    if (lexicon === undefined) throw new Error('no lexicon');
    const hits = (length: number): number =>
      findHits(readWords(wordsOf(piece.repeat(Math.ceil(length / piece.length))), lexicon), lexicon).length;
    expect(hits(10_000)).toBeLessThanOrEqual(11 * Math.max(10, hits(1_000)));
    expect(
      suggestCodings({ texts: [piece.repeat(10_000 / piece.length)], language: 'und', stages: [] }).length,
    ).toBeGreaterThan(0);
  });
});
