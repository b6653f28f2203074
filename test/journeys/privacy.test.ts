import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { JPEG } from '../channels/media/samples.ts';
import { ACCOUNT_SID, AUTH_TOKEN, FAST, SMS_SENDER, startRunning, type Running } from '../support/running-service.ts';
import { postSigned } from '../support/twilio-double/signing.ts';

/** What no log line, metric or field but a text may hold: what these residents are called, wrote, and are reached by. */
const NUMBERS = ['+447700900901', '+447700900902', '+447700900903', '+447700900904'] as const;
const DIGITS = /7700 ?900 ?9|00900901|GB\.2081/;
const WORDS = ['Fatima', 'Begum', 'E14', 'lump', 'শাহানা', 'হাসপাতালে', 'الممرضة', 'فاطمة', 'Sharmin', 'rude'] as const;
const PROFILE = { ProfileName: 'Fatima Begum', ExternalUserId: 'GB.2081999', ProfileUsername: 'sharmin.b' };
const LONG = 'The receptionist was rude to Fatima Begum in E14 about the lump, and again on Monday morning at nine';

let running: Running;
beforeAll(async () => {
  running = await startRunning({ timings: FAST });
  await live();
  await running.settled();
}, 60_000);
afterAll(() => running.stop());

/** One of every kind of traffic, the failures of every part among them. */
async function live(): Promise<void> {
  const { double } = running;
  double.callbacks = { statuses: ['sent', 'undelivered', 'delivered'], delayMs: 5, errorCode: '30003', doubled: true };
  const [one, two, three, four] = NUMBERS;
  const photo = { contentType: 'image/jpeg', body: JPEG };
  double.faults.next('media', { kind: 'error-before', status: 500 });
  double.faults.next('content', { kind: 'error-before', status: 500 });
  const english = running.resident(one, 'whatsapp');
  await english.say(LONG, { extra: PROFILE, media: [photo] });
  await english.say('yes');
  await english.say('Fatima Begum surgery');
  double.faults.next('create', { kind: 'error-before', status: 400, code: 21211 });
  await running.resident(two).say('শাহানা হাসপাতালে তিন ঘণ্টা বসে ছিলেন');
  double.faults.next('create', { kind: 'error-before', status: 429, retryAfter: '1' }, { kind: 'drop-after' });
  await running.resident(three).say('كانت الممرضة لطيفة مع فاطمة');
  await running.resident(three).say('STOP');
  double.faults.next('create', { kind: 'garbled' });
  await running.resident(four).say(Buffer.from(LONG, 'utf8').toString('base64'));
  double.faults.next('create', { kind: 'error-before', status: 401, code: 20003 });
  await running.resident(four).write('PERSON');
  await running.resident(one, 'whatsapp').write('DELETE');
  await refused();
  await double.settled();
}

/** Requests that are turned away, with as much in them. */
async function refused(): Promise<void> {
  const url = `${running.service.url}/channels/twilio/inbound`;
  const params = { From: NUMBERS[0], To: SMS_SENDER, Body: LONG, AccountSid: ACCOUNT_SID, MessageSid: 'bad/sid' };
  await postSigned({ url, params, authToken: AUTH_TOKEN, signedUrl: 'https://shuni.test/channels/twilio/inbound' });
  await postSigned({ url, params, authToken: 'wrong' });
  await postSigned({ url: `${url}?From=${NUMBERS[1]}`, params, authToken: AUTH_TOKEN });
  await fetch(`${running.service.url}/${encodeURIComponent(LONG)}?from=${NUMBERS[2]}`);
  const { inbound } = running.database;
  const insert = inbound.insert.bind(inbound);
  inbound.insert = () => Promise.reject(new Error(`E11000 ${LONG} ${NUMBERS[0]} { text: ${WORDS.join(' ')} }`));
  await running.double.deliver({ from: NUMBERS[1], to: SMS_SENDER, body: LONG });
  inbound.insert = insert;
}

/** Everything that stands in a text: numbers and words, but not what is known to be nobody's. */
function personalIn(text: string): string[] {
  const found = WORDS.filter((word) => text.includes(word));
  const base64 = Buffer.from(LONG).toString('base64').slice(0, 24);
  return [...found, ...(DIGITS.exec(text) ?? []), ...(text.includes(base64) ? ['base64'] : [])];
}

describe('nothing personal', () => {
  test('in the log, at its most talkative', () => {
    const log = running.logged.join('');
    expect(running.logged.length).toBeGreaterThan(5);
    expect(personalIn(`${LONG} ${NUMBERS[0]}`)).toHaveLength(6);
    expect(personalIn(log)).toEqual([]);
    expect(log).not.toContain(AUTH_TOKEN);
    expect(log).not.toMatch(/authorization|x-twilio-signature|Basic /i);
  });

  test.each(['/metrics', '/healthz', '/readyz'])('in %s', async (path) => {
    const text = await (await fetch(running.service.url + path)).text();
    expect(text.length).toBeGreaterThan(0);
    expect(personalIn(text)).toEqual([]);
    expect(text).not.toContain(SMS_SENDER.slice(1));
  });

  test('in the labels of metrics: only closed vocabularies', async () => {
    const text = await (await fetch(`${running.service.url}/metrics`)).text();
    const labels = [...text.matchAll(/^shuni_(?!nodejs|process)\w+\{([^}]*)\}/gm)].map(([, inside = '']) => inside);
    const values = labels.flatMap((inside) => [...inside.matchAll(/="([^"]*)"/g)].map(([, value = '']) => value));
    expect(values.length).toBeGreaterThan(10);
    expect(values.filter((value) => !/^(?:[a-z-]{1,24}|[\d.+Inf]{1,6})$/.test(value))).toEqual([]);
  });
});

describe('in the database', () => {
  async function dump(): Promise<Map<string, Record<string, unknown>[]>> {
    const { connection } = running.database;
    const db = connection.getClient().db(running.database.name);
    const names = (await db.listCollections().toArray()).map(({ name }) => name);
    return new Map(
      await Promise.all(names.map(async (name) => [name, await db.collection(name).find().toArray()] as const)),
    );
  }

  test('a plain number or name stands in no field but what people wrote', async () => {
    for (const [name, documents] of await dump()) {
      if (name === 'services') continue;
      const bare = documents.map((document) => JSON.stringify(document, withoutTexts));
      expect([name, ...personalIn(bare.join(''))]).toEqual([name]);
    }
  });

  test('not even texts hold a number: residents are written to by id', async () => {
    const rows = [...(await dump()).values()].flat().map((document) => JSON.stringify(document));
    expect(rows.filter((row) => DIGITS.test(row))).toEqual([]);
  });

  test('ids are opaque: random, or a hash of other ids', async () => {
    for (const name of ['people', 'conversations', 'messages', 'feedback', 'escalations', 'optouts', 'audit']) {
      const ids = ((await dump()).get(name) ?? []).map(({ _id }) => String(_id));
      expect([name, ...ids.filter((id) => !/^[\w-]{20}$/.test(id))]).toEqual([name]);
    }
  });
});

/** Fields that hold what people wrote, or what the bot repeats of it. */
const TEXTS = new Set(['text', 'story', 'answers', 'state', 'because', 'name', 'heard']);

function withoutTexts(key: string, value: unknown): unknown {
  return TEXTS.has(key) ? undefined : value;
}
