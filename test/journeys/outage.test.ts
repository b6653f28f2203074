import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { testDatabaseUri } from '../support/database.ts';
import { startProxy, type Proxy } from '../support/proxy.ts';
import {
  AUTH_TOKEN,
  ACCOUNT_SID,
  PATIENT,
  SMS_SENDER,
  startRunning,
  type Running,
} from '../support/running-service.ts';
import { postSigned } from '../support/twilio-double/signing.ts';
import { until } from '../support/until.ts';

const PATH = '/channels/twilio/inbound';

let running: Running;
let wire: Proxy;
beforeAll(async () => {
  wire = await startProxy(testDatabaseUri());
  running = await startRunning({ timings: PATIENT, databaseUri: wire.uri });
});
afterAll(async () => {
  await wire.mend();
  await running.stop();
  await wire.stop();
});

let made = 0;
/** One delivery without Twilio's retries: its answer, and how long that took. */
async function deliver(from: string, body: string): Promise<{ sid: string; status: number; ms: number }> {
  const sid = `SM${String((made += 1)).padStart(32, '0')}`;
  const params = { MessageSid: sid, AccountSid: ACCOUNT_SID, From: from, To: SMS_SENDER, Body: body };
  const began = performance.now();
  const url = running.service.url + PATH;
  const status = await postSigned({ url, params, authToken: AUTH_TOKEN, signedUrl: `https://shuni.test${PATH}` });
  return { sid, status, ms: performance.now() - began };
}

async function readyz(): Promise<{ status: number; checks: Record<string, string> }> {
  const response = await fetch(`${running.service.url}/readyz`);
  const { checks } = (await response.json()) as { checks: Record<string, string> };
  return { status: response.status, checks };
}

const gone = (): Promise<void> => wire.cut();
const silent = (): Promise<void> => {
  wire.freeze();
  return Promise.resolve();
};

describe.each([
  ['gone', '+44770090095', gone],
  ['there but silent', '+44770090096', silent],
])('while the database is %s', (_label, prefix, fail) => {
  test('providers are told to come again within five seconds, and never that a message was kept', async () => {
    expect(await deliver(`${prefix}1`, 'before')).toMatchObject({ status: 200 });
    await fail();
    const during = await Promise.all(Array.from({ length: 20 }, (_, i) => deliver(`${prefix}${i % 5}`, `during ${i}`)));
    expect(during.map(({ status }) => status)).toEqual(during.map(() => 503));
    expect(Math.max(...during.map(({ ms }) => ms))).toBeLessThan(5000);
  });

  test('readiness says so, and health does not: a restart would not help', async () => {
    expect(await readyz()).toMatchObject({
      status: 503,
      checks: { database: expect.stringMatching(/reached|second/) },
    });
    expect((await fetch(`${running.service.url}/healthz`)).status).toBe(200);
  });

  test('afterwards what was kept before is answered, and what comes again is taken', async () => {
    await wire.mend();
    await until(async () => (await readyz()).status === 200, 20_000);
    const after = await deliver(`${prefix}2`, 'The nurse was kind');
    expect(after.status).toBe(200);
    await running.settled();
    for (const end of ['1', '2']) {
      const got = running.double.ledger.messages.filter(({ to }) => to === prefix + end);
      expect(got.length).toBeGreaterThan(0);
    }
    const rows = await running.database.inbound.model.find({ direction: 'in' }).lean();
    expect(rows.filter((row) => row.state !== 'handled')).toEqual([]);
    expect(new Set(Object.values(running.double.ledger.countByRef()))).toEqual(new Set([1]));
  });
});
