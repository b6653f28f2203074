import { describe, expect, test } from '@jest/globals';
import { suggestCodings } from '../../coding/suggest.ts';
import type { Coding } from '../../models/vocabulary.ts';
import { suggestionCases } from './suggestion-cases.ts';

const signs = { positive: '+', negative: '-', neutral: '0' } as const;

const suggest = (
  text: string,
  language: string,
  more: { rating?: number; stages?: string[] } = {},
): Omit<Coding, 'at'>[] => suggestCodings({ texts: [text], language, stages: [], ...more });

function told(rows: readonly Omit<Coding, 'at'>[]): string[] {
  return rows.map((row) => (row.scheme === 'issues' ? `${row.code}:${signs[row.sentiment]}` : `stage:${row.code}`));
}

describe('suggestions for stories', () => {
  test.each(suggestionCases.map((one) => [`${one.language}: ${one.label}`, one] as const))('%s', (_, one) => {
    const rows = suggest(one.text, one.language);
    expect(told(rows)).toEqual(expect.arrayContaining(one.expected.filter((code) => !code.startsWith('!'))));
    const forbidden = one.expected.filter((code) => code.startsWith('!')).map((code) => code.slice(1));
    expect(rows.map((row) => row.code).filter((code) => forbidden.includes(code))).toEqual([]);
  });

  test('the table holds at least eighty cases', () => {
    expect(suggestionCases.length).toBeGreaterThanOrEqual(80);
  });
});

describe('what a suggestion says', () => {
  test('its reason is in the words as written', () => {
    const text = 'The NURSE was Lovely but I had a Long  Wait';
    const because = suggest(text, 'eng').flatMap((row) => row.because ?? []);
    expect(because).toContain('Long  Wait');
    expect(because.every((words) => text.includes(words))).toBe(true);
  });

  test('it is a suggestion, with a confidence between the threshold and one', () => {
    for (const row of suggest('Rude staff, long wait, dirty ward, cold food, no parking, no privacy', 'eng')) {
      expect(row.origin).toBe('suggested');
      expect(row.schemeVersion).toBe(1);
      expect(row.confidence).toBeGreaterThanOrEqual(0.3);
      expect(row.confidence).toBeLessThan(1);
    }
  });

  test('at most five issues and three stages, surest first', () => {
    const rows = suggest(
      'Rude staff, long wait, dirty ward, cold food, no parking, no privacy, wrong medication, no interpreter, my scan, the nurse, the GP, discharged, reception',
      'eng',
    );
    const issues = rows.filter((row) => row.scheme === 'issues').map((row) => row.confidence ?? 0);
    expect(issues).toHaveLength(5);
    expect(issues).toEqual(issues.toSorted((a, b) => b - a));
    expect(rows.filter((row) => row.scheme === 'care-pathway')).toHaveLength(3);
  });

  test('stages the resident chose are not suggested over', () => {
    const rows = suggest('The nurse was lovely', 'eng', { stages: ['reception'] });
    expect(rows.filter((row) => row.scheme === 'care-pathway')).toEqual([]);
  });

  test.each([
    [1, 'negative'],
    [2, 'negative'],
    [3, 'neutral'],
    [4, 'positive'],
    [5, 'positive'],
  ] as const)('where the words do not say, rating %i decides: %s', (rating, sentiment) => {
    expect(suggest('My appointment with the doctor', 'eng', { rating })[0]?.sentiment).toBe(sentiment);
    expect(suggest('xyz', 'eng', { rating })).toEqual([
      expect.objectContaining({ code: 'general-comment', sentiment, confidence: 0.2, because: [] }),
    ]);
  });

  test('where the words say, the rating does not', () => {
    const rows = suggest('The wait was terrible', 'eng', { rating: 5 });
    expect(rows.find((row) => row.code === 'timely-access')?.sentiment).toBe('negative');
  });

  test('what would have been better is read beside the story', () => {
    const rows = suggestCodings({
      texts: ['The nurse was lovely', 'Shorter waiting times'],
      language: 'eng',
      stages: [],
    });
    expect(rows.map((row) => row.code)).toEqual(expect.arrayContaining(['staff-attitude', 'timely-access']));
  });

  test.each(['pol', 'som', 'urd', 'other', ''])(
    'a language without words gets the general comment: "%s"',
    (language) => {
      expect(told(suggest('The nurse was rude', language))).toEqual(['general-comment:0']);
    },
  );

  test('an undecided story is read with all words', () => {
    expect(told(suggest('Rude receptionist', 'und'))).toContain('staff-attitude:-');
    expect(told(suggest('المكان غير نظيف', 'und'))).toContain('hygiene:-');
  });

  test('no texts at all', () => {
    expect(told(suggestCodings({ texts: [], language: 'eng', stages: [] }))).toEqual(['general-comment:0']);
  });
});
