import { PassThrough, Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { rotateKeys } from '../../bot/commands/admin/rotate-keys.ts';
import type { Service } from '../../bot/service.ts';
import { openDatabase, type Database } from '../../models/database.ts';
import { Keyring } from '../../models/keyring.ts';
import { testDatabaseUri } from '../support/database.ts';
import {
  ACCOUNT_SID,
  AUTH_TOKEN,
  PATIENT,
  SMS_SENDER,
  startRunning,
  type Running,
} from '../support/running-service.ts';
import { postSigned } from '../support/twilio-double/signing.ts';

const NEXT_TOKEN = 'c3'.repeat(16);
const OLD = { id: 'k1', secret: Buffer.alloc(32, 7) };
const NEW = { id: 'k2', secret: Buffer.alloc(32, 9) };
const PATH = '/channels/twilio/inbound';

let running: Running;
let made = 0;
/** A message to a service, signed with a token. */
function signedWith(authToken: string, { url }: Service): Promise<number> {
  const MessageSid = `SM${String((made += 1)).padStart(32, '0')}`;
  const params = { MessageSid, AccountSid: ACCOUNT_SID, From: '+447700900870', To: SMS_SENDER, Body: 'hello' };
  return postSigned({ url: url + PATH, params, authToken, signedUrl: `https://shuni.test${PATH}` });
}

describe("a new token of Twilio's", () => {
  beforeAll(async () => {
    running = await startRunning({ timings: PATIENT, env: { TWILIO_AUTH_TOKEN_NEXT: NEXT_TOKEN } });
  });
  afterAll(() => running.stop());

  test.each([
    ['the old one', AUTH_TOKEN, 200],
    ['the new one', NEXT_TOKEN, 200],
    ['any other', 'd4'.repeat(16), 403],
  ])('while it is being rotated: %s', async (_label, token, status) => {
    expect(await signedWith(token, running.service)).toBe(status);
  });

  test('when it is done, the old one opens nothing, and answers leave under the new one', async () => {
    await running.settled();
    await running.service.stop();
    const after = await running.another({ twilio: { authToken: NEXT_TOKEN, authTokenNext: '' } });
    Object.assign(running.double.options, { authToken: NEXT_TOKEN, deliverTo: after.url });
    expect(await signedWith(AUTH_TOKEN, after)).toBe(403);
    expect(await signedWith(NEXT_TOKEN, after)).toBe(200);
    const resident = running.resident('+447700900871');
    expect(await resident.say('The nurse was kind')).not.toEqual([]);
    expect(await signedWith(AUTH_TOKEN, after)).toBe(403);
  });
});

describe('a new secret key', () => {
  const [told, stopped] = ['+447700900880', '+447700900881'];
  const opened: Database[] = [];

  /** Restarts the service with these keys, as a deploy does. */
  async function restartWith(before: Service, keys: (typeof OLD)[]): Promise<Service> {
    await before.stop();
    const database = await openDatabase(testDatabaseUri(), new Keyring(keys), { name: running.database.name });
    opened.push(database);
    const service = await running.another({ database });
    running.double.options.deliverTo = service.url;
    return service;
  }

  const newest = (): Database => opened.at(-1) ?? running.database;
  const hashOf = async (number: string): Promise<string> =>
    (await newest().people.findByAddress('sms', number))?.addresses[0]?.hash ?? '';

  let service: Service;
  let before: string | undefined;
  beforeAll(async () => {
    running = await startRunning({ timings: PATIENT });
    await running.resident(told).say('The nurse at Mile End Hospital was kind');
    await running.resident(stopped).say('STOP');
    before = (await newest().people.findByAddress('sms', told))?._id;
    service = await restartWith(running.service, [NEW, OLD]);
  });
  afterAll(async () => {
    await running.stop();
    await Promise.all(opened.map((database) => database.close()));
  });

  test('while both are there, people are found under the old one and answered; new ones come under the new one', async () => {
    expect(await hashOf(told)).toMatch(/^k1\./);
    const [next] = await running.resident(told).say('yes');
    expect(next).toBeDefined();
    expect((await newest().people.findByAddress('sms', told))?._id).toBe(before);
    await running.resident('+447700900882').say('hello');
    expect(await hashOf('+447700900882')).toMatch(/^k2\./);
  });

  test('rotate-keys brings all under the new one', async () => {
    const [out, err] = [new PassThrough(), new PassThrough()];
    const keyring = new Keyring([NEW, OLD]);
    const context = {
      database: newest(),
      keyring,
      config: { dataDir: '' },
      in: Readable.from([]),
      out,
      err,
      now: () => new Date(),
    };
    expect(await rotateKeys.plan([])(context)).toBe(0);
    expect(await hashOf(told)).toMatch(/^k2\./);
    expect(await newest().people.model.countDocuments({ 'addresses.sealed.keyId': 'k1' })).toBe(0);
  });

  test('then the old one can go: people are known, answered, and who said STOP still has', async () => {
    service = await restartWith(service, [NEW]);
    expect((await newest().people.findByAddress('sms', told))?._id).toBe(before);
    const resident = running.resident(told);
    expect(await resident.say('yes')).not.toEqual([]);
    const ledger = await newest().optOuts.latest([await hashOf(stopped)]);
    expect(ledger).toMatchObject({ action: 'out' });
    expect(await running.resident(stopped).say('and the car park was full')).toEqual([]);
  });
});
