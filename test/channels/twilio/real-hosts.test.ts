import { afterEach, describe, expect, test } from '@jest/globals';
import nock from 'nock';
import { pino } from 'pino';
import type { Channel } from '../../../channels/channel.ts';
import { createTwilio } from '../../../channels/twilio/provider.ts';

const ACCOUNT = `AC${'0'.repeat(32)}`;
const TOKEN = 'f'.repeat(32);
const MESSAGE = `SM${'1'.repeat(32)}`;
const MEDIA = `ME${'2'.repeat(32)}`;
const AUTHORIZATION = `Basic ${Buffer.from(`${ACCOUNT}:${TOKEN}`).toString('base64')}`;

/** SMS as configured by default: no TWILIO_API_URL, so Twilio's own hosts. Nothing here leaves this machine. */
function sms(): Channel {
  const intake = { accept: () => Promise.resolve('accepted' as const), receipt: () => Promise.resolve() };
  const { channels } = createTwilio(
    {
      accountSid: ACCOUNT,
      authToken: TOKEN,
      smsFrom: '+442079460001',
      smsPerSecond: 1,
      whatsappPerSecond: 20,
      apiUrl: 'https://api.twilio.com',
      publicUrl: 'https://shuni.test',
    },
    { intake, log: pino({ level: 'silent' }), now: () => new Date() },
  );
  const [channel] = channels;
  if (!channel) throw new Error('no SMS channel');
  return channel;
}

afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});

describe("Twilio's own hosts", () => {
  test('a message goes to api.twilio.com with credentials, sender, text and the address for receipts', async () => {
    nock.disableNetConnect();
    const sent: Record<string, unknown>[] = [];
    nock('https://api.twilio.com')
      .replyContentLength()
      .post(`/2010-04-01/Accounts/${ACCOUNT}/Messages.json`, (body: Record<string, unknown>) => sent.push(body) > 0)
      .matchHeader('authorization', AUTHORIZATION)
      .reply(201, { sid: MESSAGE, status: 'queued' });
    const message = { ref: 'r1', to: '+447700900001', from: '+442079460001', text: 'ধন্যবাদ' };
    expect(await sms().send(message, new AbortController().signal)).toEqual({ kind: 'accepted', providerId: MESSAGE });
    expect(sent).toEqual([
      expect.objectContaining({
        To: '+447700900001',
        From: '+442079460001',
        Body: 'ধন্যবাদ',
        StatusCallback: 'https://shuni.test/channels/twilio/status?ref=r1',
      }),
    ]);
  });

  test.each([
    ["Twilio's media host is followed, without credentials", 'https://mms.twiliocdn.com', true],
    ['another host is not followed', 'https://mms.twiliocdn.com.example.org', false],
    ['a host on this machine is not followed', 'http://127.0.0.1:9', false],
  ])('media: %s', async (_label, host, followed) => {
    nock.disableNetConnect();
    nock('https://api.twilio.com')
      .get(`/2010-04-01/Accounts/${ACCOUNT}/Messages/${MESSAGE}/Media/${MEDIA}`)
      .matchHeader('authorization', AUTHORIZATION)
      .reply(307, '', { location: `${host}/file` });
    let credentials: unknown = 'never asked';
    nock(host)
      .get('/file')
      .reply(function () {
        credentials = this.req.headers['authorization'] ?? 'none';
        return [200, 'picture', { 'content-type': 'image/jpeg' }];
      });
    const opened = sms().openMedia?.({ providerId: MESSAGE, mediaId: MEDIA }, new AbortController().signal);
    const outcome = await opened?.then(
      ({ contentType }) => contentType,
      () => 'refused',
    );
    expect({ outcome, credentials }).toEqual(
      followed ? { outcome: 'image/jpeg', credentials: 'none' } : { outcome: 'refused', credentials: 'never asked' },
    );
  });
});
