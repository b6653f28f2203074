import { createHmac, randomBytes } from 'node:crypto';
import { ACCOUNT_SID, AUTH_TOKEN, PUBLIC_URL, SENDER } from './bench-service.ts';
import type { Shot } from './http-load.ts';

const PATH = '/channels/twilio/inbound';

/** The nth of 1,000 invented residents' numbers (Ofcom's drama range). */
export function numberOf(n: number): string {
  return `+447700900${String(n % 1000).padStart(3, '0')}`;
}

/** A signed SMS webhook, as Twilio would post it. */
export function signedSms(from: string, body: string): Shot {
  const sid = `SM${randomBytes(16).toString('hex')}`;
  const params: Record<string, string> = {
    ToCountry: 'GB',
    ToState: 'London',
    SmsMessageSid: sid,
    NumMedia: '0',
    ToCity: '',
    FromZip: '',
    SmsSid: sid,
    FromState: '',
    SmsStatus: 'received',
    FromCity: '',
    Body: body,
    FromCountry: 'GB',
    To: SENDER,
    ToZip: '',
    NumSegments: '1',
    MessageSid: sid,
    AccountSid: ACCOUNT_SID,
    From: from,
    ApiVersion: '2010-04-01',
  };
  const signed = Object.keys(params)
    .sort()
    .reduce((text, key) => text + key + (params[key] ?? ''), PUBLIC_URL + PATH);
  const signature = createHmac('sha1', AUTH_TOKEN).update(signed, 'utf8').digest('base64');
  return {
    path: PATH,
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': signature },
    body: new URLSearchParams(params).toString(),
  };
}
