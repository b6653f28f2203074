import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  ACCOUNT,
  inboundParams,
  NEXT_TOKEN,
  OUR_SMS,
  OUR_WHATSAPP,
  post,
  PUBLIC_URL,
  RESIDENT,
  sid,
  startService,
  TOKEN,
  type Post,
  type Service,
} from './fixture.ts';

const INBOUND = '/channels/twilio/inbound';
const many = (count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`Extra${index}`, '1']));
const statusParams = (extra: Record<string, string> = {}): Record<string, string> => ({
  MessageSid: sid('SM', 9),
  AccountSid: ACCOUNT,
  From: OUR_SMS,
  To: RESIDENT,
  MessageStatus: 'delivered',
  ...extra,
});

let service: Service;
beforeAll(async () => {
  service = await startService({}, { accept: 300, body: 300 });
});
afterAll(() => service.stop());
beforeEach(() => {
  service.accepted.length = 0;
  service.receipts.length = 0;
  service.logged.length = 0;
});

/** Each case fails its own check and passes all before it. */
const REFUSALS: [string, Post, number][] = [
  ['JSON', { headers: { 'content-type': 'application/json' }, raw: '{}' }, 415],
  ['multipart', { headers: { 'content-type': 'multipart/form-data; boundary=x' }, raw: '--x--' }, 415],
  ['another charset', { headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-16' } }, 415],
  ['a gzipped form', { headers: { 'content-encoding': 'gzip' }, raw: gzipSync('a=b') }, 415],
  ['an unknown encoding', { headers: { 'content-encoding': 'x' } }, 415],
  ['content type before size', { headers: { 'content-type': 'text/plain' }, raw: 'x'.repeat(70_000) }, 415],
  ['64 kB and a byte', { raw: 'x'.repeat(64 * 1024 + 1) }, 413],
  ['a megabyte', { raw: 'x'.repeat(1_000_000) }, 413],
  ['201 parameters', { params: { ...inboundParams(), ...many(197) } }, 413],
  ['size before signature', { raw: 'x'.repeat(70_000), token: 'wrong' }, 413],
  ['a wrong token', { token: 'wrong' }, 403],
  ['an empty token', { token: '' }, 403],
  ['no signature', { headers: { 'x-twilio-signature': '' } }, 403],
  ['a signature over another URL', { signedUrl: `https://evil.example${INBOUND}` }, 403],
  ['a signature over the other scheme', { signedUrl: `http://shuni.example.org${INBOUND}` }, 403],
  ['a tampered parameter', { raw: new URLSearchParams(inboundParams({ Body: 'changed' })).toString() }, 403],
  ['a missing body', { raw: '' }, 403],
  ['a repeated key', { raw: `${new URLSearchParams(inboundParams()).toString()}&From=x` }, 403],
  [
    'a key repeated with the same value',
    { raw: `${new URLSearchParams(inboundParams()).toString()}&To=${encodeURIComponent(OUR_SMS)}` },
    403,
  ],
  ['a query', { path: `${INBOUND}?x=1` }, 403],
  ['bodySHA256', { path: `${INBOUND}?bodySHA256=abc` }, 403],
  ['escapes that are not UTF-8', { raw: 'Body=%ff%fe&From=%zz' }, 403],
  ['signature before account', { params: inboundParams({ AccountSid: sid('AC', 7) }), token: 'wrong' }, 403],
  ['another account', { params: inboundParams({ AccountSid: sid('AC', 7) }) }, 403],
  ['a recipient that is not ours', { params: inboundParams({ To: '+442079460999' }) }, 403],
  ['our WhatsApp number as SMS', { params: inboundParams({ To: OUR_WHATSAPP }) }, 403],
  ['no recipient', { params: { MessageSid: sid('SM', 1), AccountSid: ACCOUNT, From: RESIDENT } }, 403],
  ['recipient before required fields', { params: { AccountSid: ACCOUNT, To: '+442079460999' } }, 403],
  ['no MessageSid', { params: { AccountSid: ACCOUNT, From: RESIDENT, To: OUR_SMS } }, 400],
  ['a MessageSid that is none', { params: inboundParams({ MessageSid: 'a/../b' }) }, 400],
  ['no From', { params: { MessageSid: sid('SM', 1), AccountSid: ACCOUNT, To: OUR_SMS } }, 400],
  ['a From of another channel', { params: inboundParams({ From: `whatsapp:${RESIDENT}` }) }, 400],
];

describe('refusals, in their order', () => {
  test.each(REFUSALS)('%s', async (_label, options, status) => {
    const answer = await post(service, options);
    expect(answer.status).toBe(status);
    expect(answer.text).toBe('');
    expect(service.accepted).toEqual([]);
  });

  test.each(['GET', 'HEAD', 'PUT', 'DELETE'])('%s is not allowed', async (method) => {
    const answer = await post(service, { method });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('POST');
  });

  test.each(['/channels/twilio/inbound/', '/Channels/twilio/inbound', '/channels/twilio/other'])(
    '%s is no route of ours',
    async (path) => {
      expect((await post(service, { path })).status).toBe(404);
    },
  );
});

describe('what passes', () => {
  test('200 parameters in 60 kB', async () => {
    const params = { ...inboundParams(), ...many(195), Body: 'ক'.repeat(4096) };
    expect((await post(service, { params })).status).toBe(200);
    expect(service.accepted[0]?.text).toHaveLength(4096);
  });

  test('answers an empty TwiML, and a duplicate the same', async () => {
    for (let time = 0; time < 2; time += 1) {
      const answer = await post(service);
      expect([answer.status, answer.text, answer.headers.get('content-type')]).toEqual([
        200,
        '<Response/>',
        'text/xml',
      ]);
    }
    expect(service.accepted).toHaveLength(1);
  });

  test.each<[string, Post]>([
    ['the next token', { token: NEXT_TOKEN }],
    ['a signature over the default port', { signedUrl: `https://shuni.example.org:443${INBOUND}` }],
    ['the fallback route', { path: '/channels/twilio/fallback' }],
    ['a charset of utf-8', { headers: { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8' } }],
    ['a hostile Host header', { headers: { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http' } }],
    ['unknown parameters', { params: inboundParams({ NewThing: 'x', __proto__x: 'y', constructor: 'z' }) }],
    ['WhatsApp', { params: inboundParams({ From: `whatsapp:${RESIDENT}`, To: `whatsapp:${OUR_WHATSAPP}` }) }],
  ])('%s', async (_label, options) => {
    expect((await post(service, options)).status).toBe(200);
    expect(service.accepted).toHaveLength(1);
  });

  test('after rotation the old token is refused', async () => {
    const rotated = await startService({ authToken: NEXT_TOKEN, authTokenNext: '' });
    expect((await post(rotated, { token: TOKEN })).status).toBe(403);
    expect((await post(rotated, { token: NEXT_TOKEN })).status).toBe(200);
    await rotated.stop();
  });

  test('any number of our messaging service, and of no other', async () => {
    const service_ = await startService({ messagingServiceSid: sid('MG', 1) });
    const params = inboundParams({ To: '+442079460777', MessagingServiceSid: sid('MG', 1) });
    expect((await post(service_, { params })).status).toBe(200);
    expect(service_.accepted[0]?.sender).toBe('+442079460777');
    const other = { ...params, MessagingServiceSid: sid('MG', 2) };
    expect((await post(service_, { params: other })).status).toBe(403);
    await service_.stop();
  });

  test('a channel without a sender is off', async () => {
    const smsOnly = await startService({ whatsappFrom: '' });
    const params = inboundParams({ From: `whatsapp:${RESIDENT}`, To: `whatsapp:${OUR_WHATSAPP}` });
    expect((await post(smsOnly, { params })).status).toBe(403);
    await smsOnly.stop();
  });
});

describe('when the intake fails', () => {
  test.each<[string, () => Promise<never>]>([
    ['rejects', () => Promise.reject(new Error('the database at +447700900123 is away'))],
    ['hangs', () => new Promise<never>(() => undefined)],
  ])('503 when it %s, nothing personal in the log', async (_label, failing) => {
    const before = { ...service.intake };
    service.intake.accept = failing;
    service.intake.receipt = failing;
    const answers = [
      await post(service, { params: inboundParams({ Body: 'I am unwell' }) }),
      await post(service, { path: '/channels/twilio/status?ref=abc', params: statusParams() }),
    ];
    Object.assign(service.intake, before);
    expect(answers.map(({ status, text }) => [status, text])).toEqual([
      [503, ''],
      [503, ''],
    ]);
    expect(service.logged.join('')).not.toMatch(/7700900123|unwell/);
    expect(service.logged.length).toBeGreaterThan(0);
  });
});

describe('broken uploads', () => {
  test('an upload that stops is answered 408 or closed, and nothing is kept', async () => {
    const status = await new Promise<number | undefined>((resolve) => {
      const sending = httpRequest(service.url + INBOUND, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', 'content-length': '500' },
      });
      sending.on('response', (response) => {
        resolve(response.statusCode);
        sending.destroy();
      });
      sending.on('error', () => {
        resolve(undefined);
      });
      sending.write('Body=half');
    });
    expect(status).toBe(408);
    expect(service.accepted).toEqual([]);
  });

  test('an aborted upload leaves the service well', async () => {
    const { port } = new URL(service.url);
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), '127.0.0.1', () => {
        socket.write(
          `POST ${INBOUND} HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\nBody=`,
        );
        socket.end(() => {
          socket.destroy();
          resolve();
        });
      });
    });
    expect((await post(service)).status).toBe(200);
  });

  test('an endless chunked upload is cut', async () => {
    const outcome = await new Promise<number | string>((resolve) => {
      const sending = httpRequest(service.url + INBOUND, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      });
      sending.on('response', (response) => {
        resolve(response.statusCode ?? 0);
        sending.destroy();
      });
      sending.on('error', () => {
        resolve('closed');
      });
      const more = (): void => {
        while (!sending.destroyed && sending.write('x'.repeat(16_384)));
        if (!sending.destroyed) sending.once('drain', more);
      };
      more();
    });
    expect([413, 'closed']).toContain(outcome);
  });
});

describe('status callbacks', () => {
  test.each<[string, string, number, number]>([
    ['with a ref', '/channels/twilio/status?ref=aB-_9', 200, 1],
    ['without a ref', '/channels/twilio/status', 200, 1],
    ['with a ref that is none of ours', '/channels/twilio/status?ref=a%20b', 403, 0],
    ['with more than a ref', '/channels/twilio/status?ref=a&x=1', 403, 0],
    ['with two refs', '/channels/twilio/status?ref=a&ref=b', 403, 0],
    ['with bodySHA256', '/channels/twilio/status?bodySHA256=a', 403, 0],
  ])('%s', async (_label, path, status, receipts) => {
    expect((await post(service, { path, params: statusParams() })).status).toBe(status);
    expect(service.receipts).toHaveLength(receipts);
  });

  test('the ref is part of what was signed', async () => {
    const answer = await post(service, {
      path: '/channels/twilio/status?ref=mine',
      signedUrl: `${PUBLIC_URL}/channels/twilio/status?ref=other`,
      params: statusParams(),
    });
    expect(answer.status).toBe(403);
  });

  test.each<[string, Record<string, string>, object | null]>([
    ['queued', { MessageStatus: 'queued' }, { status: 'accepted' }],
    ['accepted', { MessageStatus: 'accepted' }, { status: 'accepted' }],
    ['sending', { MessageStatus: 'sending' }, { status: 'accepted' }],
    ['sent', { MessageStatus: 'sent' }, { status: 'sent' }],
    ['delivered', { MessageStatus: 'delivered' }, { status: 'delivered' }],
    ['read', { MessageStatus: 'read' }, { status: 'read' }],
    ['canceled', { MessageStatus: 'canceled' }, { status: 'failed' }],
    [
      'undelivered 30005',
      { MessageStatus: 'undelivered', ErrorCode: '30005' },
      { status: 'undelivered', failure: 'address-unreachable', code: '30005' },
    ],
    [
      'failed 21610',
      { MessageStatus: 'failed', ErrorCode: '21610' },
      { status: 'failed', failure: 'opted-out', code: '21610' },
    ],
    [
      'failed 63016',
      { MessageStatus: 'failed', ErrorCode: '63016' },
      { status: 'failed', failure: 'window-closed', code: '63016' },
    ],
    [
      'failed, code we do not know',
      { MessageStatus: 'failed', ErrorCode: '99999' },
      { status: 'failed', code: '99999' },
    ],
    [
      'a hostile code',
      { MessageStatus: 'failed', ErrorCode: 'constructor' },
      { status: 'failed', code: 'constructor' },
    ],
    ['only the older name', { MessageStatus: '', SmsStatus: 'sent' }, { status: 'sent' }],
    ['a status nobody knows yet', { MessageStatus: 'constructor' }, null],
    ['received', { MessageStatus: 'received' }, null],
  ])('%s', async (_label, extra, expected) => {
    const answer = await post(service, { path: '/channels/twilio/status?ref=r1', params: statusParams(extra) });
    expect(answer.status).toBe(200);
    const whole = expected && { channel: 'sms', providerId: sid('SM', 9), ref: 'r1', ...expected };
    expect(service.receipts).toEqual(whole ? [whole] : []);
  });

  test.each([{ MessageSid: '' }, { MessageStatus: '' }])('400 without %j', async (extra) => {
    const answer = await post(service, { path: '/channels/twilio/status', params: statusParams(extra) });
    expect(answer.status).toBe(400);
  });

  test('WhatsApp by its prefix', async () => {
    const params = statusParams({ From: `whatsapp:${OUR_WHATSAPP}`, To: `whatsapp:${RESIDENT}` });
    await post(service, { path: '/channels/twilio/status?ref=r2', params });
    expect(service.receipts[0]?.channel).toBe('whatsapp');
  });
});
