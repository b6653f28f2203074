import { describe, expect, test } from '@jest/globals';
import { isOneSlipApart } from '../../coding/typos.ts';
import { foldWord, lexiconWord, wordsOf } from '../../coding/words.ts';

describe('folding', () => {
  test.each([
    ['case and apostrophe', 'Didn’t', 'didnt'],
    ['accents', 'Café', 'cafe'],
    ['Bengali long i, sh and n', 'শীর্ণ', 'সির্ন'],
    ['Bengali dotted letters', 'বাড়ি', 'বারি'],
    ['Bengali dotted letter in one code point', 'বা\u09dcি', 'বারি'],
    ['Bengali vowel signs stay', 'মা মু মে'.split(' ')[1] ?? '', 'মু'],
    ['Bengali joiners go', 'র\u200d্যাম্প', 'র্যাম্প'],
    ['Arabic marks and tatweel', 'لَطِيفَـــةٌ', 'لطيفه'],
    ['Arabic hamza carriers', 'إلغاء', 'الغاء'],
    ['Arabic presentation forms', '\ufefb', 'لا'],
    ['Persian letters', 'کی', 'كي'],
  ])('%s', (_, word, folded) => {
    expect(foldWord(word)).toBe(folded);
  });

  test('no Bengali vowel sign is ever dropped', () => {
    const signs = Array.from({ length: 0x09cc - 0x09be + 1 }, (_, at) => String.fromCodePoint(0x09be + at)).filter(
      (sign) => /\p{M}/u.test(sign),
    );
    for (const sign of signs) expect(foldWord(`ক${sign}`).length).toBeGreaterThan(1);
  });
});

describe('stems', () => {
  test.each([
    [['waiting', 'waited', 'waits', 'wait'], 'wait'],
    [['nurse', 'nurses', "nurse's"], 'nurs'],
    [['caring'], 'caring'],
    [['cancelled', 'cancelling'], 'cancell'],
    [['surgeries', 'surgery'], 'surgery'],
    [['stopped'], 'stop'],
  ])('%j', (words, stem) => {
    expect([...new Set(words.map(lexiconWord))]).toEqual([stem]);
  });

  test.each([
    ['ডাক্তারদেরও', 'ডাক্তার'],
    ['নার্সের', foldWord('নার্স')],
    ['হাসপাতালে', foldWord('হাসপাতাল')],
    ['والطبيبة', 'طبيبه'],
    ['للممرضات', 'ممرض'],
    ['بسرعة', foldWord('سرعة')],
  ])('%s is known as %s', (written, form) => {
    expect(wordsOf(written)[0]?.forms).toContain(form);
  });
});

describe('slips', () => {
  test.each([
    ['missing letter', 'medicaton', 'medication', true],
    ['added letter', 'medicattion', 'medication', true],
    ['changed letter', 'medicatian', 'medication', true],
    ['swapped letters', 'medicatoin', 'medication', true],
    ['the same', 'nurse', 'nurse', true],
    ['two changes', 'medicatiun', 'madication', false],
    ['swap at a distance', 'abcd', 'dbca', false],
    ['empty and two', '', 'ab', false],
  ])('%s', (_, a, b, expected) => {
    expect(isOneSlipApart(a, b)).toBe(expected);
    expect(isOneSlipApart(b, a)).toBe(expected);
  });
});

describe('words of a text', () => {
  test('keep their place in the text as written', () => {
    const text = 'The  nurse,\nwas 😀 “kind”';
    expect(wordsOf(text).map((word) => text.slice(word.start, word.end))).toEqual(['The', 'nurse', 'was', 'kind']);
  });

  test('tell what stands before them', () => {
    expect(wordsOf('a b, c. d\u0000e').map((word) => word.break)).toEqual(['hard', 'none', 'soft', 'hard', 'none']);
  });
});
