import { expect, test } from '@jest/globals';
import { smsSegments } from './sms-segments.ts';

test.each([
  ['empty', '', 'GSM-7', 1],
  ['160 letters', 'a'.repeat(160), 'GSM-7', 1],
  ['161 letters', 'a'.repeat(161), 'GSM-7', 2],
  ['306 letters', 'a'.repeat(306), 'GSM-7', 2],
  ['307 letters', 'a'.repeat(307), 'GSM-7', 3],
  ['a bracket counts two', `${'a'.repeat(159)}[`, 'GSM-7', 2],
  ['an escape is not cut in two', `${'a'.repeat(152)}[${'a'.repeat(151)}`, 'GSM-7', 2],
  ['a curly quote makes it UCS-2', `’${'a'.repeat(70)}`, 'UCS-2', 2],
  ['70 Bengali units', 'ক'.repeat(70), 'UCS-2', 1],
  ['134 Bengali units', 'ক'.repeat(134), 'UCS-2', 2],
  ['135 Bengali units', 'ক'.repeat(135), 'UCS-2', 3],
  ['an emoji counts two and stays whole', `${'ক'.repeat(66)}😀${'ক'.repeat(66)}`, 'UCS-2', 3],
])('%s', (_label, text, encoding, segments) => {
  expect(smsSegments(text)).toMatchObject({ encoding, segments });
});
