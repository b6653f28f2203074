import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TwilioDouble } from '../support/twilio-double/double.ts';
import { startChild, type Child } from './child.ts';

export const ACCOUNT_SID = `AC${'a1'.repeat(16)}`;
export const AUTH_TOKEN = 'b2'.repeat(16);
export const PUBLIC_URL = 'https://shuni.test';
export const SENDER = '+442079460001';

/** Where a measurement runs: a server, and a database name of its own. */
export interface Place {
  uri: string;
  name: string;
}

/** The same server under a URI that names the database. */
export function uriOf({ uri, name }: Place): string {
  const [base = '', query] = uri.split('?');
  return `${base.replace(/\/?$/, '/')}${name}${query ? `?${query}` : ''}`;
}

/** The built service in a process of its own, sending to `double` as fast as it can. */
export async function startService(place: Place, double: TwilioDouble, roles: string): Promise<Child<string>> {
  const env = {
    PORT: '0',
    PUBLIC_URL,
    MONGODB_URI: uriOf(place),
    DATA_DIR: await mkdtemp(join(tmpdir(), 'shuni-bench-')),
    ROLES: roles,
    LOG_LEVEL: 'info',
    TWILIO_ACCOUNT_SID: ACCOUNT_SID,
    TWILIO_AUTH_TOKEN: AUTH_TOKEN,
    TWILIO_SMS_FROM: SENDER,
    TWILIO_SMS_PER_SECOND: '100000',
    TWILIO_API_URL: double.url,
  };
  return startChild(['--enable-source-maps', 'dist/bot/main.js'], env, (line) => {
    const entry = JSON.parse(line) as { msg?: string; url?: string };
    return entry.msg === 'ready' ? (entry.url ?? '') : null;
  });
}

export async function startDouble(): Promise<TwilioDouble> {
  return new TwilioDouble({ accountSid: ACCOUNT_SID, authToken: AUTH_TOKEN, publicUrl: PUBLIC_URL }).start();
}
