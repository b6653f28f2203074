import { describe, expect, test } from '@jest/globals';
import { mergeCodings, ratingSentiment, residentStages } from '../../coding/codings.ts';
import type { Coding } from '../../models/vocabulary.ts';

const AT = new Date('2026-03-05T10:00:00Z');
const BEFORE = new Date('2026-03-01T10:00:00Z');
const LONG_BEFORE = new Date('2026-02-01T10:00:00Z');

const issue = (code: string, more: Partial<Omit<Coding, 'at'>> = {}): Omit<Coding, 'at'> => ({
  scheme: 'issues',
  schemeVersion: 1,
  code,
  sentiment: 'negative',
  origin: 'suggested',
  ...more,
});
const stored = (code: string, more: Partial<Coding> = {}): Coding => ({ ...issue(code), at: BEFORE, ...more });
const brief = (rows: readonly Coding[]): string[] =>
  rows.map((row) => `${row.origin} ${row.code} ${row.sentiment} ${row.at.toISOString().slice(0, 10)}`);

describe('merging', () => {
  test.each<[string, Coding[], Omit<Coding, 'at'>[], string[]]>([
    ['into nothing', [], [issue('quality')], ['suggested quality negative 2026-03-05']],
    [
      'nothing into something judged',
      [stored('quality', { origin: 'coder' })],
      [],
      ['coder quality negative 2026-03-01'],
    ],
    [
      'an open suggestion gives way',
      [stored('quality')],
      [issue('booking')],
      ['suggested booking negative 2026-03-05'],
    ],
    [
      'the same suggestion keeps its time',
      [stored('quality')],
      [issue('quality')],
      ['suggested quality negative 2026-03-01'],
    ],
    [
      'a changed suggestion is new',
      [stored('quality')],
      [issue('quality', { sentiment: 'positive' })],
      ['suggested quality positive 2026-03-05'],
    ],
    [
      'a confirmed one stays and is not suggested again',
      [stored('quality', { confirmed: true })],
      [issue('quality', { sentiment: 'positive' })],
      ['suggested quality negative 2026-03-01'],
    ],
    [
      'a rejected one stays and is not suggested again',
      [stored('quality', { rejected: true })],
      [issue('quality')],
      ['suggested quality negative 2026-03-01'],
    ],
    [
      'what a coder judged is not suggested',
      [stored('quality', { origin: 'coder' })],
      [issue('quality'), issue('booking')],
      ['suggested booking negative 2026-03-05', 'coder quality negative 2026-03-01'],
    ],
    [
      'what the resident chose is not suggested',
      [stored('nursing', { scheme: 'care-pathway', origin: 'resident' })],
      [issue('nursing', { scheme: 'care-pathway' })],
      ['resident nursing negative 2026-03-01'],
    ],
    [
      'the resident choice told again is not doubled',
      [stored('nursing', { origin: 'resident' })],
      [issue('nursing', { origin: 'resident' })],
      ['resident nursing negative 2026-03-01'],
    ],
    [
      'a changed choice stands beside the old one',
      [stored('nursing', { origin: 'resident' })],
      [issue('nursing', { origin: 'resident', sentiment: 'positive' })],
      ['resident nursing positive 2026-03-05', 'resident nursing negative 2026-03-01'],
    ],
    [
      'a coder may judge again; the older stays',
      [stored('quality', { origin: 'coder', by: 'a' })],
      [issue('quality', { origin: 'coder', by: 'a', sentiment: 'positive' })],
      ['coder quality positive 2026-03-05', 'coder quality negative 2026-03-01'],
    ],
    [
      'two coders judge apart',
      [],
      [
        issue('quality', { origin: 'coder', by: 'a' }),
        issue('quality', { origin: 'coder', by: 'b', sentiment: 'positive' }),
      ],
      ['coder quality negative 2026-03-05', 'coder quality positive 2026-03-05'],
    ],
    [
      'a suggestion derived twice comes once',
      [],
      [issue('quality'), issue('quality')],
      ['suggested quality negative 2026-03-05'],
    ],
    [
      'the same code of another scheme is another thing',
      [stored('quality', { origin: 'coder' })],
      [issue('quality', { scheme: 'other' })],
      ['suggested quality negative 2026-03-05', 'coder quality negative 2026-03-01'],
    ],
    [
      'older ones come newest first',
      [stored('a', { origin: 'coder', at: LONG_BEFORE }), stored('b', { origin: 'coder' })],
      [issue('c')],
      ['suggested c negative 2026-03-05', 'coder b negative 2026-03-01', 'coder a negative 2026-02-01'],
    ],
  ])('%s', (_, before, derived, expected) => {
    expect(brief(mergeCodings(before, derived, AT))).toEqual(expected);
  });

  test('doing it twice changes nothing, and what was given stays as it was', () => {
    const before = [stored('quality', { origin: 'coder' }), stored('booking')];
    const copy = structuredClone(before);
    const derived = [issue('cost'), issue('quality'), issue('booking')];
    const once = mergeCodings(before, derived, AT);
    expect(mergeCodings(once, derived, new Date('2026-04-01T00:00:00Z'))).toEqual(once);
    expect(before).toEqual(copy);
  });
});

describe('what the resident told', () => {
  test.each([
    [1, 'negative'],
    [2, 'negative'],
    [3, 'neutral'],
    [4, 'positive'],
    [5, 'positive'],
    [undefined, undefined],
    [Number.NaN, undefined],
  ])('rating %s is %s', (rating, sentiment) => {
    expect(ratingSentiment(rating)).toBe(sentiment);
  });

  test('stages become rows once each, unknown ones are left out', () => {
    expect(residentStages(['nursing', 'nursing', 'moon', 'discharge'], 1)).toEqual([
      { scheme: 'care-pathway', schemeVersion: 1, code: 'nursing', sentiment: 'negative', origin: 'resident' },
      { scheme: 'care-pathway', schemeVersion: 1, code: 'discharge', sentiment: 'negative', origin: 'resident' },
    ]);
  });
});
