import { describe, expect, test } from '@jest/globals';
import { cpuMs } from '../support/cpu.ts';
import { detectLanguage } from '../../languages/detect.ts';

describe('which language', () => {
  test.each([
    ['I waited five hours at the Royal London and nobody told me anything', 'eng'],
    ['dentist was rude', 'eng'],
    ['waited 4 hrs no1 came', 'eng'],
    ['Hello', 'eng'],
    ['আমি চার ঘণ্টা বসে ছিলাম', 'ben'],
    ['My doctor was খুব rude', 'ben'],
    ['না', 'ben'],
    ['انتظرت ثلاث ساعات في المستشفى', 'ara'],
    ['مرحبا', 'ara'],
    ['میں نے تین گھنٹے انتظار کیا', 'urd'],
    ['من سه ساعت منتظر دکتر بودم و هیچ کس نیامد گفتم چرا', 'fas'],
    ['Czekałem trzy godziny na lekarza', 'pol'],
    ['czekalem trzy godziny na lekarza i nikt nie przyszedl', 'pol'],
    ['Esperé tres horas para ver al médico', 'spa'],
    ['Am așteptat trei ore la doctor', 'ron'],
    ['waxaan sugay saddex saacadood', 'som'],
    ['Я чекав три години на лікаря', 'ukr'],
    ['Я ждал врача три часа, и никто не вышел', 'rus'],
    ['我等了三个小时', 'zho'],
    ['मैंने तीन घंटे इंतजार किया', 'hin'],
    ['ਮੈਂ ਤਿੰਨ ਘੰਟੇ ਉਡੀਕ ਕੀਤੀ', 'pan'],
    ['病院で三時間待ちました', 'other'],
    ['Περίμενα τρεις ώρες', 'other'],
  ])('%j is %s', (text, language) => {
    const guess = detectLanguage(text);
    expect(guess.language).toBe(language);
    expect(guess.confidence).toBeGreaterThanOrEqual(0.8);
  });

  test.each([
    '',
    '   ',
    '123',
    '১২৩',
    '👍',
    'ok',
    'OK',
    'GP',
    'STOP',
    'NHS 111',
    'Royal London Hospital',
    'salam',
    'سلام',
    '\u200f\u0000',
    '?!',
  ])('%j is no evidence', (text) => {
    expect(detectLanguage(text).language).toBe('und');
  });

  test('romanised Bengali is offered, never assumed', () => {
    const guess = detectLanguage('ami khub oshustho chilam kintu daktar amake dekhe nai');
    expect(guess).toMatchObject({ language: 'und', script: 'Latn' });
    expect(guess.candidates[0]?.language).toBe('ben');
  });

  test('a confidence is always between 0 and 1, for hostile text too', () => {
    for (const text of ['\ud800', '𒀀'.repeat(2000), 'a'.repeat(100_000), '\u202e'.repeat(500), '́'.repeat(300)]) {
      const { confidence } = detectLanguage(text);
      expect(confidence).toBeGreaterThanOrEqual(0);
      expect(confidence).toBeLessThanOrEqual(1);
    }
  });

  test('is cheap: two thousand messages in a second at most', () => {
    const spent = cpuMs(() => {
      for (let count = 0; count < 2000; count += 1) detectLanguage(`I waited ${count} hours and nobody told me`);
    });
    expect(spent).toBeLessThan(1000);
  });
});
