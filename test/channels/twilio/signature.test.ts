import { describe, expect, test } from '@jest/globals';
import { getExpectedTwilioSignature, validateRequest } from 'twilio/lib/webhooks/webhooks.js';
import { parseForm } from '../../../channels/twilio/form.ts';
import { createSignatureCheck, refOfQuery } from '../../../channels/twilio/signature.ts';
import { mulberry32 } from '../../support/twilio-double/faults.ts';

const PIECES = [
  'a',
  'Z',
  '0',
  ' ',
  '+',
  '%',
  '&',
  '=',
  '?',
  '#',
  '\u0000',
  'é',
  'ক',
  'ب',
  '\u202e',
  '👩‍👩‍👧',
  '\ud83d\ude00',
  "'",
  '"',
  '\n',
  '\\',
];
const ORIGINS = [
  'https://shuni.example.org',
  'https://shuni.example.org:443',
  'http://shuni.example.org',
  'http://127.0.0.1:3000',
];
const PATHS = ['/channels/twilio/inbound', '/channels/twilio/status'];
const QUERIES = ['', '?ref=abc', "?ref=it's", '?ref=%27', '?ref=a%20b'];

describe('against twilio-node, on random forms', () => {
  test('the same answer for 3,000 requests, signed rightly and wrongly', () => {
    const random = mulberry32(20261122);
    const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
    const word = (): string => Array.from({ length: Math.floor(random() * 12) }, () => pick(PIECES)).join('');
    let valid = 0;
    for (let round = 0; round < 3000; round += 1) {
      const params = Object.fromEntries(Array.from({ length: Math.floor(random() * 8) }, () => [`K${word()}`, word()]));
      const [origin, path, query] = [pick(ORIGINS), pick(PATHS), pick(QUERIES)];
      const url = origin + path + query;
      const signedUrl = random() < 0.8 ? url : pick(ORIGINS) + path + query;
      const header = getExpectedTwilioSignature(random() < 0.8 ? 'right' : 'wrong', signedUrl, params);
      const form = parseForm(Buffer.from(new URLSearchParams(params).toString()), 200);
      const ours = createSignatureCheck(origin, ['right'])({ path, query, header, form });
      expect(ours).toBe(validateRequest('right', header, url, params));
      if (ours) valid += 1;
    }
    expect(valid).toBeGreaterThan(1000);
    expect(valid).toBeLessThan(2900);
  });
});

describe('our own refusals', () => {
  const form = parseForm(Buffer.from('a=b'), 200);
  const header = getExpectedTwilioSignature('', 'https://h/p', { a: 'b' });
  test.each<[string, (string | undefined)[]]>([
    ['an empty token, which twilio-node accepts', ['']],
    ['no tokens', [undefined]],
  ])('%s', (_label, tokens) => {
    expect(validateRequest('', header, 'https://h/p', { a: 'b' })).toBe(true);
    expect(createSignatureCheck('https://h', tokens)({ path: '/p', query: '', header, form })).toBe(false);
  });

  test('the public URL may end in a slash or a fragment', () => {
    const signed = getExpectedTwilioSignature('t', 'https://h/p', { a: 'b' });
    for (const url of ['https://h/', 'https://h#rc=3', 'https://h']) {
      expect(createSignatureCheck(url, ['t'])({ path: '/p', query: '', header: signed, form })).toBe(true);
    }
  });

  test.each([
    ['', undefined],
    ['?ref=abc', 'abc'],
    ['?ref=', null],
    ['?REF=abc', null],
    ['?ref=abc&', null],
    [`?ref=${'a'.repeat(65)}`, null],
  ])('query %j', (query, ref) => {
    expect(refOfQuery(query)).toBe(ref);
  });
});
