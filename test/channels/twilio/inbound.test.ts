import { describe, expect, test } from '@jest/globals';
import { parseForm } from '../../../channels/twilio/form.ts';
import { inboundMessage } from '../../../channels/twilio/inbound.ts';
import { kindOf } from '../../../channels/twilio/inbound-media.ts';
import { mulberry32 } from '../../support/twilio-double/faults.ts';
import { ACCOUNT, inboundParams, OUR_SMS, OUR_WHATSAPP, RESIDENT, sid } from './fixture.ts';

const ME = sid('ME', 5);
const mediaUrl = (account = ACCOUNT, message = sid('SM', 1), media = ME): string =>
  `https://api.twilio.com/2010-04-01/Accounts/${account}/Messages/${message}/Media/${media}`;
const whatsapp = (extra: Record<string, string> = {}): Record<string, string> =>
  inboundParams({ From: `whatsapp:${RESIDENT}`, To: `whatsapp:${OUR_WHATSAPP}`, ...extra });
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const LONG = 'আমার ডাক্তার খুব ভালো ছিলেন, কিন্তু অপেক্ষা অনেক দীর্ঘ ছিল।';

describe('who wrote', () => {
  test.each<[string, Record<string, string>, { channel: string; address: string; aliases: string[] }]>([
    ['a number by SMS', inboundParams(), { channel: 'sms', address: RESIDENT, aliases: [] }],
    ['a short code', inboundParams({ From: '60777' }), { channel: 'sms', address: '60777', aliases: [] }],
    [
      'an alphanumeric name',
      inboundParams({ From: 'NHSnoreply' }),
      { channel: 'sms', address: 'NHSnoreply', aliases: [] },
    ],
    [
      'a number by WhatsApp',
      whatsapp({ WaId: '447700900123' }),
      { channel: 'whatsapp', address: RESIDENT, aliases: [] },
    ],
    [
      'a business-scoped id, no phone',
      whatsapp({
        From: 'whatsapp:GB.208123456789',
        ExternalUserId: 'whatsapp:GB.208123456789',
        ProfileUsername: 'rina',
      }),
      { channel: 'whatsapp', address: 'GB.208123456789', aliases: [] },
    ],
    [
      'a number with a business-scoped id beside it',
      whatsapp({ ExternalUserId: 'whatsapp:GB.208123456789', WaId: '447700900123' }),
      { channel: 'whatsapp', address: RESIDENT, aliases: ['GB.208123456789'] },
    ],
    [
      'a business-scoped id with a number beside it',
      whatsapp({ From: 'whatsapp:GB.208', ExternalUserId: 'GB.208', WaId: '447700900123' }),
      { channel: 'whatsapp', address: 'GB.208', aliases: [RESIDENT] },
    ],
  ])('%s', (_label, params, expected) => {
    expect(inboundMessage(params)).toMatchObject(expected);
  });

  test('we are named by our address', () => {
    expect(inboundMessage(inboundParams())?.sender).toBe(OUR_SMS);
    expect(inboundMessage(whatsapp())?.sender).toBe(OUR_WHATSAPP);
  });
});

describe('what was written', () => {
  test.each<[string, Record<string, string>, string]>([
    ['no Body', {}, ''],
    ['an empty Body', { Body: '' }, ''],
    ['U+0000', { Body: 'a\0b\0' }, 'ab'],
    ['white space stays', { Body: '  hi \n' }, '  hi \n'],
    ['4-byte characters and marks', { Body: '👩‍👩‍👧 \u202eabc' }, '👩‍👩‍👧 \u202eabc'],
    ['a long SMS in base64', { Body: base64(LONG) }, LONG],
    ['base64 with a U+0000 inside', { Body: base64(`${LONG}\0`) }, LONG],
    ['short base64 stays', { Body: base64('hello there') }, base64('hello there')],
    ['59 characters stay', { Body: 'a'.repeat(59) }, 'a'.repeat(59)],
    ['60 letters that decode to noise stay', { Body: 'Loooooooong'.padEnd(60, 'o') }, 'Loooooooong'.padEnd(60, 'o')],
    [
      'base64 of binary stays',
      { Body: Buffer.alloc(60, 1).toString('base64') },
      Buffer.alloc(60, 1).toString('base64'),
    ],
    ['a button without Body', { ButtonText: 'Yes' }, 'Yes'],
  ])('%s', (_label, extra, text) => {
    expect(inboundMessage(inboundParams(extra))?.text).toBe(text);
  });

  test('WhatsApp is never base64', () => {
    expect(inboundMessage(whatsapp({ Body: base64(LONG) }))?.text).toBe(base64(LONG));
  });

  test('every base64 text of 45 bytes and more comes back', () => {
    for (let length = 45; length < 400; length += 3) {
      const text = LONG.repeat(10).slice(0, length);
      const sent = base64(text);
      const padded = sent.length >= 60;
      expect(inboundMessage(inboundParams({ Body: sent }))?.text).toBe(padded ? text : sent);
    }
  });
});

describe('beside text', () => {
  test.each<[string, Record<string, string>, object]>([
    ['a button', { Body: 'Yes', ButtonText: 'Yes', ButtonPayload: 'yes' }, { text: 'Yes', choice: 'yes' }],
    ['a list row', { Body: 'Nursing care', ListId: 'nursing', ListTitle: 'Nursing care' }, { choice: 'nursing' }],
    [
      'a location',
      { Latitude: '51.5', Longitude: '-0.03', Label: 'Clinic' },
      { location: { latitude: 51.5, longitude: -0.03, label: 'Clinic' } },
    ],
    [
      'a location by address',
      { Latitude: '0', Longitude: '0', Address: 'A1' },
      { location: { latitude: 0, longitude: 0, label: 'A1' } },
    ],
    ['a reply', { OriginalRepliedMessageSid: sid('SM', 3) }, { replyTo: sid('SM', 3) }],
    ['STOP handled by Twilio', { Body: 'STOP', OptOutType: 'STOP' }, { optOut: 'stop' }],
    ['START in lower case', { OptOutType: 'start' }, { optOut: 'start' }],
    ['HELP', { OptOutType: 'HELP' }, { optOut: 'help' }],
    [
      'an image',
      { NumMedia: '1', MediaUrl0: mediaUrl(), MediaContentType0: 'image/jpeg' },
      { media: [{ mediaId: ME, contentType: 'image/jpeg', kind: 'image' }] },
    ],
    [
      'media without NumMedia',
      { MediaUrl0: mediaUrl(), MediaContentType0: 'audio/ogg' },
      { media: [{ mediaId: ME, contentType: 'audio/ogg', kind: 'voice' }] },
    ],
    [
      'media without a type',
      { NumMedia: '1', MediaUrl0: mediaUrl() },
      { media: [{ mediaId: ME, contentType: '', kind: 'other' }] },
    ],
    [
      'media of another account',
      { NumMedia: '1', MediaUrl0: mediaUrl(sid('AC', 2)) },
      { media: [{ mediaId: 'unrecognised-0' }] },
    ],
    [
      'media of another message',
      { NumMedia: '1', MediaUrl0: mediaUrl(ACCOUNT, sid('SM', 2)) },
      { media: [{ mediaId: 'unrecognised-0' }] },
    ],
    [
      'media that is no URL',
      { NumMedia: '1', MediaUrl0: '../../etc/passwd' },
      { media: [{ mediaId: 'unrecognised-0' }] },
    ],
    ['media announced but absent', { NumMedia: '1' }, { media: [{ mediaId: 'unrecognised-0' }] }],
  ])('%s', (_label, extra, expected) => {
    expect(inboundMessage(inboundParams(extra))).toMatchObject(expected);
  });

  test.each([
    { Latitude: '91', Longitude: '0' },
    { Latitude: 'x', Longitude: '0' },
    { Latitude: '1' },
    { OptOutType: 'constructor' },
    { OriginalRepliedMessageSid: '../x' },
  ])('ignored: %j', (extra) => {
    const message = inboundMessage(inboundParams(extra));
    expect(message).toEqual(inboundMessage(inboundParams()));
  });

  test('an album is one message', () => {
    const params: Record<string, string> = { NumMedia: '10' };
    for (let index = 0; index < 10; index += 1) {
      params[`MediaUrl${index}`] = mediaUrl(ACCOUNT, sid('SM', 1), sid('ME', index));
    }
    expect(inboundMessage(inboundParams(params))?.media).toHaveLength(10);
    expect(inboundMessage(inboundParams({ NumMedia: '999999999' }))?.media).toHaveLength(40);
  });

  test.each([
    ['IMAGE/JPEG', 'image'],
    ['audio/ogg; codecs=opus', 'voice'],
    ['application/ogg', 'voice'],
    ['video/3gpp', 'video'],
    ['application/pdf', 'document'],
    ['text/x-vcard', 'contact'],
    ['text/directory; profile=vcard', 'contact'],
    ['application/octet-stream', 'other'],
    ['constructor/x', 'other'],
    ['', 'other'],
  ])('%j is %s', (contentType, kind) => {
    expect(kindOf(contentType)).toBe(kind);
  });
});

describe('forms', () => {
  test('parses what URLSearchParams writes, on random input', () => {
    const random = mulberry32(7);
    const text = (): string =>
      String.fromCodePoint(...Array.from({ length: 6 }, () => Math.floor(random() * 0xd700)), 0x1f600).replaceAll(
        '\r',
        '',
      );
    for (let round = 0; round < 500; round += 1) {
      const params = Object.fromEntries([0, 1, 2].map((index) => [`${index}${text()}`, text()]));
      expect({ ...parseForm(Buffer.from(new URLSearchParams(params).toString()), 200).params }).toEqual(params);
    }
  });

  test('never throws, and never makes a message, of random bytes', () => {
    const random = mulberry32(8);
    for (let round = 0; round < 2000; round += 1) {
      const bytes = Buffer.from(Array.from({ length: 60 }, () => Math.floor(random() * 256)));
      expect(inboundMessage(parseForm(bytes, 200).params)).toBeNull();
    }
  });

  test('keys that JavaScript objects know are plain keys', () => {
    const form = parseForm(Buffer.from('__proto__=a&constructor=b&toString=c'), 200);
    expect(Object.keys(form.params).sort()).toEqual(['__proto__', 'constructor', 'toString']);
    expect(form.repeated).toBe(false);
  });
});
