import { describe, expect, test } from '@jest/globals';
import { ConfigError, readConfig } from '../../bot/config.ts';

const KEY = `k1:${Buffer.alloc(32, 1).toString('base64')}`;
const TWILIO = {
  TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
  TWILIO_AUTH_TOKEN: 'f'.repeat(32),
  TWILIO_SMS_FROM: '+442079460001',
};

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems;
  }
}

describe('configuration', () => {
  test('an empty environment gives defaults that work on a fresh machine', () => {
    expect(readConfig({})).toEqual({
      production: false,
      port: 3000,
      host: '127.0.0.1',
      publicUrl: 'http://localhost:3000',
      dataDir: './data',
      roles: { web: true, worker: true },
      logLevel: 'info',
    });
  });

  test('PUBLIC_URL follows PORT, an empty variable counts as unset, whitespace too', () => {
    expect(readConfig({ PORT: '8080', MONGODB_URI: '', LOG_LEVEL: '  ' })).toMatchObject({
      port: 8080,
      publicUrl: 'http://localhost:8080',
      logLevel: 'info',
    });
  });

  test('Twilio is read whole, with its default pace', () => {
    expect(readConfig({ ...TWILIO, TWILIO_WHATSAPP_FROM: 'whatsapp:+442079460002' }).twilio).toEqual({
      accountSid: TWILIO.TWILIO_ACCOUNT_SID,
      authToken: TWILIO.TWILIO_AUTH_TOKEN,
      smsFrom: '+442079460001',
      whatsappFrom: '+442079460002',
      smsPerSecond: 1,
      whatsappPerSecond: 20,
      apiUrl: 'https://api.twilio.com',
    });
  });

  test('keys keep their order, newest first', () => {
    const second = `k2:${Buffer.alloc(32, 2).toString('base64')}`;
    expect(readConfig({ SECRET_KEYS: `${second}, ${KEY}` }).secretKeys?.map((key) => key.id)).toEqual(['k2', 'k1']);
  });

  test.each([
    ['a port that is no number', { PORT: 'http' }, ['PORT']],
    ['a port too high', { PORT: '70000' }, ['PORT']],
    ['a public URL with a path', { PUBLIC_URL: 'https://shuni.example/app' }, ['PUBLIC_URL']],
    ['a public URL without scheme', { PUBLIC_URL: 'shuni.example' }, ['PUBLIC_URL']],
    ['a key of the wrong size', { SECRET_KEYS: 'k1:AAAA' }, ['SECRET_KEYS']],
    ['a key without id', { SECRET_KEYS: Buffer.alloc(32).toString('base64') }, ['SECRET_KEYS']],
    ['two keys of one id', { SECRET_KEYS: `${KEY},${KEY}` }, ['SECRET_KEYS']],
    ['a role nobody knows', { ROLES: 'web,cook' }, ['ROLES']],
    ['a log level nobody knows', { LOG_LEVEL: 'loud' }, ['LOG_LEVEL']],
    [
      'an account without token or sender',
      { TWILIO_ACCOUNT_SID: TWILIO.TWILIO_ACCOUNT_SID },
      ['TWILIO_AUTH_TOKEN', 'TWILIO_SMS_FROM, TWILIO_WHATSAPP_FROM'],
    ],
    ['a sender without account', { TWILIO_SMS_FROM: '+442079460001' }, ['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN']],
    ['a pace of nothing', { ...TWILIO, TWILIO_SMS_PER_SECOND: '0' }, ['TWILIO_SMS_PER_SECOND']],
    ['a database that is not MongoDB', { MONGODB_URI: 'postgres://localhost' }, ['MONGODB_URI']],
    ['production without keys and public URL', { NODE_ENV: 'production' }, ['SECRET_KEYS', 'PUBLIC_URL']],
  ])('%s is refused by name', (_label, env, names) => {
    expect(problemsOf(env as Record<string, string>).map((line) => line.split(':')[0])).toEqual(names);
  });

  test('every problem is reported at once', () => {
    expect(problemsOf({ PORT: 'x', ROLES: 'y', LOG_LEVEL: 'z', SECRET_KEYS: 'k' })).toHaveLength(4);
  });

  test('a secret never appears in a message', () => {
    const secret = Buffer.alloc(31, 'S').toString('base64');
    expect(problemsOf({ SECRET_KEYS: `k1:${secret}` }).join()).not.toContain(secret.slice(0, 8));
  });
});
