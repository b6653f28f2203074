import { describe, expect, test } from '@jest/globals';
import { segmentsOf, plainIfCheaper } from '../../../channels/twilio/gsm7.ts';
import { interactiveOf } from '../../../channels/twilio/interactive.ts';
import { numbered } from '../../../channels/twilio/numbered.ts';
import { smsParts } from '../../../channels/twilio/sms-parts.ts';
import { cutText, splitText } from '../../../channels/twilio/split.ts';
import { whatsappParts } from '../../../channels/twilio/whatsapp-parts.ts';
import type { Choice } from '../../../models/vocabulary.ts';
import { mulberry32 } from '../../support/twilio-double/faults.ts';

const choices = (...titles: string[]): Choice[] => titles.map((title, index) => ({ id: `c${index}`, title }));
const letters = (text: string): string => text.replace(/\s+/g, '');
const BENGALI = 'আপনার অভিজ্ঞতা আমাদের জানান। ';
const ARABIC = 'أخبرنا عن تجربتك في المستشفى؟ ';
const FAMILY = '👩‍👩‍👧‍👦';

describe('segments', () => {
  test.each([
    ['a'.repeat(160), 1],
    ['a'.repeat(161), 2],
    ['a'.repeat(306), 2],
    ['a'.repeat(307), 3],
    ['€'.repeat(80), 1],
    ['€'.repeat(81), 2],
    ['ক'.repeat(70), 1],
    ['ক'.repeat(71), 2],
    ['it\u2019s '.padEnd(71, 'a'), 2],
    ['', 1],
  ])('%#', (text, segments) => {
    expect(segmentsOf(text)).toBe(segments);
  });

  test.each([
    ['It’s “fine” – really…', 'It\'s "fine" - really...'],
    ['It’s ভালো', 'It’s ভালো'],
    ['plain', 'plain'],
  ])('typography: %s', (text, expected) => {
    expect(plainIfCheaper(text)).toBe(expected);
  });
});

describe('splitting loses nothing and cuts no grapheme', () => {
  const random = mulberry32(42);
  const words = ['the', 'নার্স', 'دکتر', FAMILY, 'e\u0301e\u0301', '٣', 'a'.repeat(400), 'क्षि', '\n\n', '.', '🇬🇧🇧🇩'];
  const texts = Array.from({ length: 12 }, () =>
    Array.from({ length: 20 + Math.floor(random() * 150) }, () => words[Math.floor(random() * words.length)]).join(' '),
  );
  const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  const visible = (pieces: readonly string[]): string =>
    pieces
      .flatMap((piece) => [...segmenter.segment(piece)].map(({ segment }) => segment))
      .filter((grapheme) => grapheme.trim() !== '')
      .join('|');

  test.each([
    ['sms', smsParts],
    ['whatsapp', whatsappParts],
  ] as const)('%s', (_channel, parts) => {
    for (const text of texts) {
      const pieces = parts(text).map((part) => part.text);
      expect(letters(pieces.join(''))).toBe(letters(text));
      expect(visible(pieces)).toBe(visible([text]));
      for (const piece of pieces) expect(piece.length).toBeLessThan(1500);
      for (const piece of pieces) expect(piece).not.toBe('');
    }
  });

  test('SMS pieces cost at most three segments', () => {
    for (const text of texts) for (const part of smsParts(text)) expect(segmentsOf(part.text)).toBeLessThanOrEqual(3);
  });

  test('one grapheme longer than everything is cut between code points', () => {
    const zalgo = `a${'\u0301'.repeat(5000)}`;
    expect(splitText(zalgo, (piece) => piece.length < 1500).join('')).toBe(zalgo);
    const emoji = '👩\u200d'.repeat(2000);
    for (const piece of splitText(emoji, (part) => part.length < 1500))
      expect(Buffer.from(piece).toString()).toBe(piece);
  });

  test('a hundred thousand characters in a second', () => {
    const started = performance.now();
    expect(smsParts('কথা '.repeat(25_000)).length).toBeGreaterThan(100);
    expect(performance.now() - started).toBeLessThan(1000);
  });

  test('cuts at sentences when it can', () => {
    const [first] = splitText('One sentence here. '.repeat(20), (piece) => piece.length <= 100);
    expect(first).toMatch(/here\.$/);
  });

  test.each([
    ['abc', 3, 'abc'],
    ['abcd', 3, 'ab…'],
    [`ab${FAMILY}`, 6, 'ab…'],
  ])('%s cut to %d', (text, max, expected) => {
    expect(cutText(text, max)).toBe(expected);
  });
});

describe('choices on SMS', () => {
  test('are numbered in the text', () => {
    expect(smsParts('How was it?', choices('Good', 'Bad'))).toEqual([{ text: 'How was it?\n1. Good\n2. Bad' }]);
  });

  test.each([
    [
      'eight in English',
      'Which part went well or badly? '.repeat(8),
      choices(...Array.from({ length: 8 }, (_, i) => `Choice number ${i}`)),
    ],
    ['eight in Bengali', BENGALI.repeat(6), choices(...Array.from({ length: 8 }, (_, i) => `বিকল্প নম্বর ${i} এখানে`))],
    ['nine in Arabic', ARABIC.repeat(6), choices(...Array.from({ length: 9 }, () => 'خيار طويل إلى حد ما'))],
  ])('stay together: %s', (_label, text, offered) => {
    const parts = smsParts(text, offered);
    const withNumbers = parts.filter((part) => /^\d+\. /m.test(part.text));
    expect(withNumbers).toHaveLength(1);
    expect(withNumbers[0]?.text.match(/^\d+\. /gm)).toHaveLength(offered.length);
    expect(parts.at(-1)).toBe(withNumbers[0]);
    expect(parts.every((part) => part.choices === undefined)).toBe(true);
  });

  test('a list no message can hold is cut between choices, numbered through', () => {
    const parts = smsParts('Pick', choices(...Array.from({ length: 40 }, (_, i) => `ক${'খ'.repeat(60)}${i}`)));
    const numbers = parts.flatMap((part) => part.text.match(/^\d+(?=\. )/gm) ?? []);
    expect(numbers).toEqual(Array.from({ length: 40 }, (_, i) => String(i + 1)));
    for (const part of parts) expect(part.text.length).toBeLessThanOrEqual(1500);
  });

  test('no text at all', () => {
    expect(smsParts('', choices('A'))).toEqual([{ text: '1. A' }]);
    expect(smsParts('')).toEqual([]);
  });
});

describe('choices on WhatsApp', () => {
  test.each<[string, Choice[], string]>([
    ['two short', choices('Yes', 'No'), 'twilio/quick-reply'],
    ['three of 20', choices('a'.repeat(20), 'b'.repeat(20), 'c'), 'twilio/quick-reply'],
    ['one of 21', choices('a'.repeat(21), 'b'), 'twilio/list-picker'],
    ['four', choices('a', 'b', 'c', 'd'), 'twilio/list-picker'],
    ['ten', choices(...'a b c d e f g h i j'.split(' ')), 'twilio/list-picker'],
    ['eleven', choices(...'a b c d e f g h i j k'.split(' ')), 'text'],
    ['a title over 72', choices('a'.repeat(73), 'b'), 'text'],
    ['two the same', choices('a', 'a'), 'text'],
    ['an empty title', choices('a', ' '), 'text'],
    ['a template inside', choices('{{1}}', 'b'), 'text'],
    ['an id with spaces', [{ id: 'a b', title: 'a' }], 'text'],
  ])('%s', (_label, offered, type) => {
    const interactive = interactiveOf('Question?', offered);
    expect(interactive ? Object.keys(interactive.request.types)[0] : 'text').toBe(type);
    const parts = whatsappParts('Question?', offered);
    expect(parts).toEqual(
      type === 'text' ? [{ text: numbered('Question?', offered) }] : [{ text: 'Question?', choices: offered }],
    );
  });

  test('a title too long for a row is whole in its second line', () => {
    const title = 'Where you live: North West of the borough';
    const { variables } = interactiveOf('Q', [...choices('a', 'b', 'c'), { id: 'nw', title }]) ?? { variables: {} };
    expect(Object.values(variables)).toContain(title);
    expect(Object.values(variables)).toContain(cutText(title, 24));
  });

  test('the same shape for every language, another for other line breaks', () => {
    const key = (text: string, ...titles: string[]): string | undefined => interactiveOf(text, choices(...titles))?.key;
    expect(key('Yes?', 'Yes', 'No')).toBe(key('হ্যাঁ?', 'হ্যাঁ', 'না'));
    expect(key('A\n\nB', 'Yes', 'No')).not.toBe(key('A\nB', 'Yes', 'No'));
    expect(key('A', 'Yes', 'No')).not.toBe(key('A', 'Yes', 'No', 'Maybe'));
  });

  test('no variable is empty or holds what Twilio refuses', () => {
    const offered = [
      ...choices('a\tb', 'c\n d'),
      { id: 'x', title: 'y', description: ' ' },
      { id: 'z', title: 'z', description: 'more' },
    ];
    const { variables } = interactiveOf('One\n\n two\t\tthree      four\r\nfive', offered) ?? {
      variables: { none: '' },
    };
    for (const value of Object.values(variables)) expect(value).toMatch(/^\S+( \S+)*$/);
  });

  test('a long text keeps its choices on the last part, with room for the numbers', () => {
    for (const length of [900, 1000, 1100, 1499, 1501, 4000]) {
      const offered = choices(...Array.from({ length: 10 }, (_, i) => `${i}${'x'.repeat(60)}`));
      const parts = whatsappParts('word '.repeat(length / 5), offered);
      expect(parts.slice(0, -1).every((part) => part.choices === undefined)).toBe(true);
      const last = parts.at(-1);
      expect(last?.choices).toHaveLength(10);
      expect(numbered(last?.text ?? '', last?.choices).length).toBeLessThanOrEqual(1500);
    }
  });

  test('U+0000 goes', () => {
    expect(whatsappParts('a\0b')).toEqual([{ text: 'ab' }]);
  });
});
