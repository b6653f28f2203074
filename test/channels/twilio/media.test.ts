import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { MediaError } from '../../../channels/channel.ts';
import { openMedia, removeMedia, type MediaAccess } from '../../../channels/twilio/media.ts';
import type { Fault } from '../../support/twilio-double/faults.ts';
import { ACCOUNT, OUR_SMS, RESIDENT, sid, TOKEN } from './fixture.ts';
import { NO_SIGNAL, startOutbound, type Outbound } from './outbound-fixture.ts';

const NAME = { providerId: sid('MM', 1), mediaId: sid('ME', 1) };

let out: Outbound;
beforeAll(async () => {
  out = await startOutbound({}, { deadlines: { media: 300 } });
});
afterAll(() => out.double.stop());

async function arrived(body: string): Promise<{ providerId: string; mediaId: string }> {
  const { sid: providerId } = await out.double.deliver({
    from: RESIDENT,
    to: OUR_SMS,
    media: [{ contentType: 'image/jpeg', body: Buffer.from(body) }],
  });
  const key = [...out.double.ledger.media.keys()].find((name) => name.startsWith(providerId)) ?? '';
  return { providerId, mediaId: key.split('/')[1] ?? '' };
}

async function failure(work: Promise<unknown>): Promise<MediaError> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof MediaError)) throw new Error('no MediaError');
  return error;
}

describe('over the double', () => {
  test('opens through one redirect, credentials on the first hop only', async () => {
    const media = await arrived('jpeg bytes');
    const from = out.double.requests.length;
    const { body, contentType } = (await out.sms.openMedia?.(media, NO_SIGNAL)) ?? { body: null, contentType: '' };
    expect(String(body && (await buffer(body)))).toBe('jpeg bytes');
    expect(contentType).toBe('image/jpeg');
    expect(out.double.requests.slice(from).map(({ authorized }) => authorized)).toEqual([true, false]);
  });

  test('removes, and removing again is success', async () => {
    const media = await arrived('x');
    await out.sms.removeMedia?.(media);
    await out.sms.removeMedia?.(media);
    expect(out.double.ledger.media.get(`${media.providerId}/${media.mediaId}`)?.removed).toBe(true);
  });

  test.each<[string, Fault, string, boolean]>([
    ['404', { kind: 'error-before', status: 404 }, 'not-found', true],
    ['410', { kind: 'error-before', status: 410 }, 'not-found', false],
    ['401', { kind: 'error-before', status: 401 }, 'refused', true],
    ['403', { kind: 'error-before', status: 403 }, 'refused', false],
    ['429', { kind: 'error-before', status: 429 }, 'provider', true],
    ['500', { kind: 'error-before', status: 500 }, 'provider', true],
    ['a cut connection', { kind: 'drop-before' }, 'provider', true],
    ['a slow host', { kind: 'delay', ms: 800 }, 'timeout', true],
  ])('%s', async (_label, fault, reason, retry) => {
    const media = await arrived('x');
    out.double.faults.next('media', fault);
    const error = await failure(Promise.resolve(out.sms.openMedia?.(media, NO_SIGNAL)));
    expect([error.reason, error.retry]).toEqual([reason, retry]);
    expect(error.message).not.toMatch(/7700900|AC|http:/);
  });
});

describe('ids', () => {
  test.each([
    { mediaId: '../../Messages' },
    { mediaId: `${sid('ME', 1)}/../x` },
    { mediaId: 'unrecognised-0' },
    { mediaId: sid('SM', 1) },
    { providerId: 'x' },
    { providerId: sid('AC', 1) },
  ])('%j is refused before anything is asked', async (wrong) => {
    const access: MediaAccess = {
      options: { accountSid: ACCOUNT, authToken: TOKEN, apiUrl: 'https://api.twilio.com' },
      fetch: () => Promise.reject(new Error('asked')),
      deadlineMs: 100,
    };
    const name = { ...NAME, ...wrong };
    expect(await failure(openMedia(access, name, NO_SIGNAL))).toMatchObject({ reason: 'refused', retry: false });
    expect(await failure(removeMedia(access, name))).toMatchObject({ reason: 'refused', retry: false });
  });
});

describe('redirects', () => {
  const follow = async (
    ...locations: (string | null)[]
  ): Promise<{ asked: [string, boolean][]; error: MediaError | null }> => {
    const asked: [string, boolean][] = [];
    const access: MediaAccess = {
      options: { accountSid: ACCOUNT, authToken: TOKEN, apiUrl: 'https://api.twilio.com' },
      fetch: (url, init) => {
        asked.push([new Request(url).url, new Headers(init?.headers).has('authorization')]);
        const location = locations[asked.length - 1];
        if (location === undefined) return Promise.resolve(new Response('ok'));
        return Promise.resolve(new Response(null, { status: 307, headers: location === null ? {} : { location } }));
      },
      deadlineMs: 1000,
    };
    const error = await openMedia(access, NAME, NO_SIGNAL).then(
      () => null,
      (thrown: unknown) => thrown as MediaError,
    );
    return { asked, error };
  };

  test.each([
    'https://mms.twiliocdn.com/AC/file',
    'https://media.twiliocdn.com/AC/file',
    'https://s3-external-1.amazonaws.com/media.twiliocdn.com/AC/file',
    '/elsewhere/on/the/api',
  ])('to %s', async (location) => {
    const { asked, error } = await follow(location);
    expect(error).toBeNull();
    expect(asked.map(([, credentials]) => credentials)).toEqual([true, false]);
  });

  test('two are followed, a third is not', async () => {
    const cdn = 'https://media.twiliocdn.com/a';
    expect((await follow(cdn, cdn)).error).toBeNull();
    expect((await follow(cdn, cdn, cdn)).error).toMatchObject({ reason: 'refused', retry: false });
  });

  test.each([
    'http://media.twiliocdn.com/a',
    'https://media.twiliocdn.com:8443/a',
    'https://user:pass@media.twiliocdn.com/a',
    'https://media.twiliocdn.com.evil.example/a',
    'https://eviltwiliocdn.com/a',
    'https://s3-external-1.amazonaws.com/other-bucket/a',
    'https://169.254.169.254/latest/meta-data',
    'http://127.0.0.1:27017/',
    'file:///etc/passwd',
    'https://[',
    null,
  ])('to %s is refused', async (location) => {
    const { asked, error } = await follow(location);
    expect(error).toMatchObject({ reason: 'refused', retry: false });
    expect(asked).toHaveLength(1);
  });
});

test('the deadline covers a body that trickles', async () => {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'image/png' });
    response.write('first');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const options = { accountSid: ACCOUNT, authToken: TOKEN, apiUrl };
  const { body } = await openMedia({ options, fetch, deadlineMs: 200 }, NAME, NO_SIGNAL);
  await expect(buffer(body)).rejects.toThrow();
  server.closeAllConnections();
  server.close();
});
