import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js';
import type { InboundRow } from '../../models/messages/schema.ts';
import {
  ACCOUNT_SID,
  AUTH_TOKEN,
  PATIENT,
  SMS_SENDER,
  startRunning,
  type Running,
} from '../support/running-service.ts';

const INBOUND = '/channels/twilio/inbound';
const FORM = 'application/x-www-form-urlencoded';

let running: Running;
beforeAll(async () => {
  running = await startRunning({ timings: PATIENT });
});
afterAll(() => running.stop());

let made = 0;
const usual = (params: Record<string, string> = {}): Record<string, string> => ({
  MessageSid: `SM${String((made += 1)).padStart(32, '0')}`,
  AccountSid: ACCOUNT_SID,
  From: '+447700900860',
  To: SMS_SENDER,
  Body: 'The nurse was kind',
  ...params,
});
const without = (key: string): Record<string, string> =>
  Object.fromEntries(Object.entries(usual()).filter(([name]) => name !== key));
const many = (count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`Extra${i}`, 'x']));

interface Sent {
  params?: Record<string, string>;
  raw?: string | Buffer;
  type?: string;
  token?: string;
  path?: string;
}

async function post({
  params = usual(),
  raw,
  type = FORM,
  token = AUTH_TOKEN,
  path = INBOUND,
}: Sent): Promise<{ status: number; text: string; headers: Headers }> {
  const signature = getExpectedTwilioSignature(token, `https://shuni.test${path}`, params);
  const headers = { 'content-type': type, 'x-twilio-signature': signature };
  const body = raw ?? new URLSearchParams(params).toString();
  const response = await fetch(running.service.url + path, { method: 'POST', headers, body });
  return { status: response.status, text: await response.text(), headers: response.headers };
}

/** What Express says of itself when nobody stops it: its error page, the stack, its name. */
const EXPRESS = /<pre>|<html|node_modules|\bat .*:\d+:\d+|Error:/;

describe('refusals over HTTP, each before the next could be looked at', () => {
  test.each<[string, () => Sent, number]>([
    ['content type', () => ({ type: 'application/json', raw: 'x'.repeat(70_000) }), 415],
    ['size', () => ({ raw: 'x'.repeat(70_000), token: 'wrong' }), 413],
    ['number of parameters', () => ({ params: { ...usual(), ...many(10_000) }, token: 'wrong' }), 413],
    ['201 short parameters', () => ({ params: { ...usual(), ...many(196) }, token: 'wrong' }), 413],
    ['signature', () => ({ params: usual({ AccountSid: `AC${'9'.repeat(32)}` }), token: 'wrong' }), 403],
    ['a repeated key', () => ({ raw: `${new URLSearchParams(usual()).toString()}&Body=again` }), 403],
    ['broken percent-encoding', () => ({ raw: 'Body=%E0%A4%A&From=%zz&To=%' }), 403],
    ['bytes that are not UTF-8', () => ({ raw: Buffer.from([0x42, 0x3d, 0xff, 0xfe, 0xc3, 0x28]) }), 403],
    ['an empty body', () => ({ raw: '' }), 403],
    ['another account', () => ({ params: { AccountSid: `AC${'9'.repeat(32)}` } }), 403],
    ['another recipient', () => ({ params: usual({ To: '+442079460999', MessageSid: '' }) }), 403],
    ['no MessageSid', () => ({ params: without('MessageSid') }), 400],
    ['no From', () => ({ params: without('From') }), 400],
    ['no To', () => ({ params: without('To') }), 403],
    ['no AccountSid', () => ({ params: without('AccountSid') }), 403],
    ['an operator for a MessageSid', () => ({ params: usual({ MessageSid: '{"$gt":""}' }) }), 400],
  ])('%s', async (_label, sent, status) => {
    const before = await running.database.inbound.model.countDocuments();
    const answer = await post(sent());
    expect({ status: answer.status, text: answer.text }).toEqual({ status, text: '' });
    expect(answer.headers.get('x-powered-by')).toBeNull();
    expect(await running.database.inbound.model.countDocuments()).toBe(before);
  });
});

describe('taken, hostile or not', () => {
  test.each<[string, string, string]>([
    ['null bytes', 'kind\u0000 nurse\u0000', 'kind nurse'],
    ['operators of the database', '{"$where":"sleep(9999)"} $gt __proto__', '{"$where":"sleep(9999)"} $gt __proto__'],
    ['four-byte characters and joiners', '👩🏽‍⚕️ 𝒦ind 🏴󠁧󠁢󠁥󠁮󠁧󠁿', '👩🏽‍⚕️ 𝒦ind 🏴󠁧󠁢󠁥󠁮󠁧󠁿'],
    ['right-to-left marks', '\u202Eevil\u202C الممرضة', '\u202Eevil\u202C الممرضة'],
    ['markup', '<script>alert(1)</script>{{7*7}}', '<script>alert(1)</script>{{7*7}}'],
    ['as much as may be', 'ক'.repeat(1600), 'ক'.repeat(1600)],
    ['nothing at all', '', ''],
  ])('%s', async (_label, Body, text) => {
    const params = usual({ Body, __proto__x: '1', constructor: '2', 'a[$ne]': '3' });
    expect(await post({ params })).toMatchObject({ status: 200, text: '<Response/>' });
    await running.settled();
    const row = await running.database.inbound.model
      .findOne({ providerId: params['MessageSid'] ?? '' })
      .lean<InboundRow>();
    expect(row).toMatchObject({ text, state: 'handled' });
  });

  test('500 at once are all taken: a genuine webhook is never turned away', async () => {
    const forms = Array.from({ length: 50 }, (_, i) => usual({ From: `+4477009008${70 + (i % 20)}` }));
    const posts = Array.from({ length: 10 }, () => forms).flat();
    const statuses = await Promise.all(posts.map(async (params) => (await post({ params })).status));
    expect(statuses.filter((status) => status !== 200)).toEqual([]);
    await running.settled();
  });

  test('the prototype of objects is as it was', () => {
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });
});

describe('what is no route of ours', () => {
  test.each([
    ['GET', '/nothing', 404],
    ['GET', '/%', 404],
    ['GET', '/%E0%A4%A', 404],
    ['GET', '/../../etc/passwd', 404],
    ['GET', '/console/%00', 404],
    ['POST', '/api/messages', 404],
    ['GET', INBOUND, 405],
    ['DELETE', '/healthz', 404],
  ])('%s %s', async (method, path, status) => {
    const response = await fetch(running.service.url + path, { method });
    const text = await response.text();
    expect(response.status).toBe(status);
    expect(text).not.toMatch(EXPRESS);
    expect(response.headers.get('x-powered-by')).toBeNull();
  });

  test.each([
    ['no HTTP at all', 'hello?\r\n\r\n', '400'],
    ['a broken header', 'GET / HTTP/1.1\r\nHost: x\r\nBad Header\r\n\r\n', '400'],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx', '400'],
    ['too many headers', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(40_000)}\r\n\r\n`, '431'],
    ['a path that is no address', 'GET //[ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', '404'],
  ])('malformed: %s', async (_label, bytes, status) => {
    const answer = await raw(bytes);
    expect(answer.slice('HTTP/1.1 '.length).slice(0, 3)).toBe(status);
    expect(answer).not.toMatch(EXPRESS);
  });
});

/** Sends bytes as they are and reads until the other end is done. */
function raw(bytes: string): Promise<string> {
  const { port, hostname } = new URL(running.service.url);
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    socket.on('data', (chunk) => (answer += chunk.toString('latin1')));
    socket.on('close', () => {
      resolve(answer);
    });
    socket.on('error', reject);
  });
}
