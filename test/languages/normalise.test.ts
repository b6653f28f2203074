import { describe, expect, test } from '@jest/globals';
import { fold, messageKey, storable, words } from '../../languages/normalise.ts';
import { readFraction, readNumbers } from '../../languages/numbers.ts';
import { sameButForTypos } from '../../languages/similarity.ts';
import { skeleton } from '../../languages/skeleton.ts';
import { stem } from '../../languages/stem.ts';

describe('folding', () => {
  test.each([
    ['case', 'Help', 'help'],
    ['Turkish capitals', 'İNTİHAR', 'intihar'],
    ['Turkish dotless i', 'ışık', 'isik'],
    ['Polish letters', 'Łódź', 'lodz'],
    ['full width', 'ＳＴＯＰ', 'stop'],
    ['Arabic harakat and hamza', 'إِلْغَاءٌ', 'الغاء'],
    ['Urdu and Arabic letters alike', 'ی ک ہ', 'ي ك ه'],
    ['Bengali vowel signs stay', 'হ্যাঁ', 'হ্যাঁ'],
    ['Bengali ya composed or not', 'রয়েল', fold('রয়েল')],
    ['zero-width and bidi marks', 'st\u200bop\u200f', 'stop'],
    ['native digits', '৩ ٣ ۳ ３', '3 3 3 3'],
    ['lone surrogate', 'a\ud800b', 'a\ud800b'],
  ])('%s', (_label, text, folded) => {
    expect(fold(text)).toBe(folded);
  });

  test.each([
    ['punctuation', 'STOP!!', 'stop'],
    ['Bengali full stop', 'বন্ধ।', 'বন্ধ'],
    ['keycap emoji', '3️⃣', '3'],
    ['apostrophes', 'don’t', 'dont'],
    ['emoji only', '😀👍', ''],
  ])('message key: %s', (_label, text, key) => {
    expect(messageKey(text)).toBe(key);
  });

  test('words keep Bengali conjuncts whole', () => {
    expect(words('আমার ডাক্তার, ভালো!')).toEqual(['আমার', 'ডাক্তার', 'ভালো']);
  });

  test('what is stored has no U+0000 and no lone surrogates, and nothing else is touched', () => {
    expect(storable('a\u0000b\ud800c😀\u200f\n')).toBe('ab\ufffdc😀\u200f\n');
  });
});

describe('numbers', () => {
  test.each<[string, number[] | undefined]>([
    ['3', [3]],
    ['1 and 3', [1, 3]],
    ['1,3', [1, 3]],
    ['1 & 3 please', [1, 3]],
    ['১ ও ৩', [1, 3]],
    ['١ و٣', [1, 3]],
    ['۲', [2]],
    ['two', [2]],
    ['number 4', [4]],
    ['দুই', [2]],
    ['ثلاثة', [3]],
    ['2.', [2]],
    ['2️⃣', [2]],
    ['', undefined],
    ['3 hours waiting', undefined],
    ['the second time I went', undefined],
    ['1'.repeat(300), undefined],
  ])('%j', (text, numbers) => {
    expect(readNumbers(text)).toEqual(numbers);
  });

  test.each<[string, number | undefined]>([
    ['4/5', 0.8],
    ['8 out of 10', 0.8],
    ['٨ من ١٠', 0.8],
    ['⭐⭐⭐⭐', 0.8],
    ['10/10', 1],
    ['1/2', undefined],
    ['7/5', undefined],
    ['24/11/2026', undefined],
    ['good', undefined],
  ])('mark %j', (text, mark) => {
    expect(readFraction(text)).toEqual(mark);
  });
});

describe('likeness', () => {
  test.each([
    ['london', 'lndon', true],
    ['hospital', 'hopsital', true],
    ['hospital', 'hosptial', true],
    ['good', 'food', false],
    ['bad', 'bed', false],
    ['nurse', 'nurses', true],
    ['reception', 'deception', true],
    ['dentist', 'dentures', false],
  ])('%s ~ %s: %s', (a, b, same) => {
    expect(sameButForTypos(a, b)).toBe(same);
    expect(sameButForTypos(b, a)).toBe(same);
  });

  test.each([
    ['নার্সদের', 'নার্স'],
    ['হাসপাতালে', 'হাসপাতাল'],
    ['والتمريض', 'تمريض'],
    ['nurses', 'nurse'],
    ['না', 'না'],
  ])('stem of %s is %s', (word, expected) => {
    expect(stem(fold(word))).toBe(fold(expected));
  });

  test.each([
    ['royal', 'রয়েল', 'رويال'],
    ['london', 'লন্ডন', 'لندن'],
  ])('%s sounds alike in three scripts', (...forms) => {
    expect(new Set(forms.map((form) => skeleton(fold(form)))).size).toBe(1);
  });
});
