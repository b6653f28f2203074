import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js';
import type { SendOutcome } from '../../../channels/channel.ts';
import type { Choice } from '../../../models/vocabulary.ts';
import type { Fault } from '../../support/twilio-double/faults.ts';
import { ACCOUNT, OUR_SMS, post, PUBLIC_URL, RESIDENT, sid, startService } from './fixture.ts';
import { NO_SIGNAL, smsMessage, startOutbound, whatsappMessage, type Outbound } from './outbound-fixture.ts';

const YES_NO: Choice[] = [
  { id: 'yes', title: 'হ্যাঁ' },
  { id: 'no', title: 'না' },
];
const SEVEN: Choice[] = Array.from({ length: 7 }, (_, index) => ({ id: `s${index}`, title: `Stage ${index}` }));

let out: Outbound;
beforeAll(async () => {
  out = await startOutbound({}, { deadlines: { send: 400, content: 300 } });
});
afterAll(() => out.double.stop());
beforeEach(() => {
  out.double.ledger.messages.length = 0;
});

describe('what is sent', () => {
  test('an SMS with its status callback', async () => {
    const message = smsMessage({ text: 'Salaam\0 👋' });
    const outcome = await out.sms.send(message, NO_SIGNAL);
    const [sent] = out.double.ledger.messages;
    expect(outcome).toEqual({ kind: 'accepted', providerId: sent?.sid });
    expect(sent).toMatchObject({
      ref: message.ref,
      to: RESIDENT,
      from: OUR_SMS,
      body: 'Salaam 👋',
      statusCallback: `${PUBLIC_URL}/channels/twilio/status?ref=${message.ref}`,
    });
  });

  test('a WhatsApp message, to a business-scoped id too', async () => {
    await out.whatsapp.send(whatsappMessage({ to: 'GB.208123' }), NO_SIGNAL);
    expect(out.double.ledger.messages[0]).toMatchObject({ to: 'whatsapp:GB.208123', from: 'whatsapp:+442079460001' });
  });

  test('a template: content and variables, no body', async () => {
    out.double.ledger.contents.set('HXtemplate', {
      sid: 'HXtemplate',
      friendlyName: '',
      types: { 'twilio/text': { body: 'Hi {{1}}' } },
    });
    const template = { id: 'HXtemplate', variables: { '1': 'Amina' } };
    const outcome = await out.whatsapp.send(
      whatsappMessage({ text: 'never sent', choices: YES_NO, template }),
      NO_SIGNAL,
    );
    expect(outcome.kind).toBe('accepted');
    expect(out.double.ledger.messages[0]).toMatchObject({ body: 'Hi Amina', contentSid: 'HXtemplate' });
  });

  test('two choices are buttons, seven a list; each shape is made once for all languages', async () => {
    const made = (): number => out.double.ledger.contents.size;
    const before = made();
    await Promise.all([
      out.whatsapp.send(whatsappMessage({ text: 'ভালো?\n\nবলুন', choices: YES_NO }), NO_SIGNAL),
      out.whatsapp.send(whatsappMessage({ text: 'Good?\n\nTell us', choices: YES_NO }), NO_SIGNAL),
      out.whatsapp.send(whatsappMessage({ text: 'Which?', choices: SEVEN }), NO_SIGNAL),
    ]);
    await out.whatsapp.send(whatsappMessage({ text: 'Which part?', choices: SEVEN }), NO_SIGNAL);
    expect(made() - before).toBe(2);
    expect(out.double.ledger.messages.map(({ body, choices }) => [body, choices.join()]).sort()).toEqual(
      [
        ['ভালো?\n\nবলুন', 'yes,no'],
        ['Good?\n\nTell us', 'yes,no'],
        ['Which?', 's0,s1,s2,s3,s4,s5,s6'],
        ['Which part?', 's0,s1,s2,s3,s4,s5,s6'],
      ].sort(),
    );
  });

  test('SMS ignores choices: they are in the text already', async () => {
    await out.sms.send(smsMessage({ text: 'Q\n1. a', choices: [{ id: 'a', title: 'a' }] }), NO_SIGNAL);
    expect(out.double.ledger.messages[0]?.body).toBe('Q\n1. a');
  });

  test('through a messaging service', async () => {
    const service = await startOutbound({ messagingServiceSid: sid('MG', 1) });
    await service.sms.send(smsMessage({ from: sid('MG', 1) }), NO_SIGNAL);
    await service.sms.send(smsMessage(), NO_SIGNAL);
    expect(service.double.ledger.messages.map(({ from }) => from)).toEqual([sid('MG', 1), OUR_SMS]);
    await service.double.stop();
  });
});

describe('buttons never cost a message', () => {
  test.each<[string, Fault]>([
    ['content cannot be made', { kind: 'error-before', status: 500 }],
    ['content is refused', { kind: 'error-before', status: 403 }],
    ['content does not answer in time', { kind: 'delay', ms: 600 }],
    ['content connection is cut', { kind: 'drop-before' }],
  ])('%s: numbered text', async (_label, fault) => {
    const own = await startOutbound({}, { deadlines: { content: 200 } });
    own.double.faults.next('content', fault);
    const outcome = await own.whatsapp.send(whatsappMessage({ text: 'Good?', choices: YES_NO }), NO_SIGNAL);
    expect(outcome.kind).toBe('accepted');
    expect(own.double.ledger.messages[0]?.body).toBe('Good?\n1. হ্যাঁ\n2. না');
    // The shape rests: the next message does not wait for it again.
    const asked = own.double.requests.filter(({ path }) => path === '/v1/Content').length;
    await own.whatsapp.send(whatsappMessage({ text: 'Fine?', choices: YES_NO }), NO_SIGNAL);
    expect(own.double.requests.filter(({ path }) => path === '/v1/Content')).toHaveLength(asked);
    await own.double.stop();
  });

  test('content that was deleted at Twilio: numbered text, then made anew', async () => {
    let now = Date.now();
    const own = await startOutbound({}, { now: () => new Date(now) });
    await own.whatsapp.send(whatsappMessage({ choices: YES_NO }), NO_SIGNAL);
    own.double.ledger.contents.clear();
    own.double.faults.next('create', { kind: 'error-before', status: 400, code: 21655 });
    const outcome = await own.whatsapp.send(whatsappMessage({ text: 'Ok?', choices: YES_NO }), NO_SIGNAL);
    expect(outcome.kind).toBe('accepted');
    expect(own.double.ledger.messages[1]?.body).toBe('Ok?\n1. হ্যাঁ\n2. না');
    now += 11 * 60_000;
    await own.whatsapp.send(whatsappMessage({ choices: YES_NO }), NO_SIGNAL);
    expect(own.double.ledger.messages[2]?.choices).toEqual(['yes', 'no']);
    await own.double.stop();
  });

  test.each<[string, Fault, object]>([
    [
      'an opted-out resident is not tried twice',
      { kind: 'error-before', status: 400, code: 63033 },
      { kind: 'refused', failure: 'opted-out' },
    ],
    [
      'a closed window is not tried twice',
      { kind: 'error-before', status: 400, code: 63016 },
      { kind: 'refused', failure: 'window-closed' },
    ],
    ['an unknown fate is never tried twice', { kind: 'drop-after' }, { kind: 'unknown' }],
  ])('%s', async (_label, fault, expected) => {
    await out.whatsapp.send(whatsappMessage({ choices: YES_NO }), NO_SIGNAL);
    out.double.faults.next('create', fault);
    const before = out.double.requests.length;
    expect(await out.whatsapp.send(whatsappMessage({ choices: YES_NO }), NO_SIGNAL)).toMatchObject(expected);
    expect(out.double.requests.length - before).toBe(1);
  });
});

describe('outcomes over the wire', () => {
  test.each<[string, Fault, Partial<SendOutcome>, number]>([
    ['dropped before', { kind: 'drop-before' }, { kind: 'unknown' }, 0],
    ['dropped after', { kind: 'drop-after' }, { kind: 'unknown' }, 1],
    ['500 before', { kind: 'error-before', status: 500 }, { kind: 'unknown' }, 0],
    ['500 after', { kind: 'error-after', status: 500 }, { kind: 'unknown' }, 1],
    [
      '429',
      { kind: 'error-before', status: 429, code: 20429, retryAfter: '3' },
      { kind: 'not-sent', failure: 'busy', retryAfterMs: 3000 },
      0,
    ],
    [
      '503 with Retry-After',
      { kind: 'error-before', status: 503, retryAfter: '1' },
      { kind: 'not-sent', failure: 'busy', retryAfterMs: 1000 },
      0,
    ],
    ['503', { kind: 'error-before', status: 503 }, { kind: 'unknown' }, 0],
    ['garbled 201', { kind: 'garbled' }, { kind: 'unknown' }, 1],
    ['201 without sid', { kind: 'no-sid' }, { kind: 'unknown' }, 1],
    ['401', { kind: 'error-before', status: 401, code: 20003 }, { kind: 'refused', failure: 'sender-blocked' }, 0],
    ['timeout', { kind: 'delay', ms: 900 }, { kind: 'unknown' }, 1],
  ])('%s', async (_label, fault, expected, accepted) => {
    out.double.faults.next('create', fault);
    const message = smsMessage();
    expect(await out.sms.send(message, NO_SIGNAL)).toMatchObject(expected);
    const deadline = Date.now() + 3000;
    while (out.double.ledger.byRef(message.ref).length < accepted && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(out.double.ledger.byRef(message.ref)).toHaveLength(accepted);
  });

  test('wrong credentials', async () => {
    const own = await startOutbound({ authToken: 'wrong' });
    expect(await own.sms.send(smsMessage(), NO_SIGNAL)).toEqual({
      kind: 'refused',
      failure: 'sender-blocked',
      code: '20003',
    });
    await own.double.stop();
  });

  test('nobody there', async () => {
    const own = await startOutbound();
    await own.double.stop();
    expect(await own.sms.send(smsMessage(), NO_SIGNAL)).toEqual({
      kind: 'not-sent',
      failure: 'provider-unreachable',
      code: 'ECONNREFUSED',
    });
  });

  test('a text over 1,600 characters is our bug', async () => {
    const outcome = await out.sms.send(smsMessage({ text: 'x'.repeat(1601) }), NO_SIGNAL);
    expect(outcome).toEqual({ kind: 'refused', failure: 'our-bug', code: '21617' });
  });

  test('aborted before it starts: not sent; aborted under way: unknown', async () => {
    const controller = new AbortController();
    out.double.faults.next('create', { kind: 'delay', ms: 300 });
    const sending = out.sms.send(smsMessage(), controller.signal);
    setTimeout(() => {
      controller.abort();
    }, 50);
    expect((await sending).kind).toBe('unknown');
    const requests = out.double.requests.length;
    expect((await out.sms.send(smsMessage(), controller.signal)).kind).toBe('not-sent');
    expect(out.double.requests).toHaveLength(requests);
  });

  test('nothing personal in any log line', () => {
    expect(out.logged.join('')).not.toMatch(/7700900|Thank you|token-of/);
  });

  test('a hundred at once keep their own outcomes', async () => {
    const own = await startOutbound();
    const messages = Array.from({ length: 100 }, () => smsMessage());
    const fault = (index: number): Fault | null =>
      index % 10 === 3 ? { kind: 'error-before', status: 429, retryAfter: '5' } : null;
    own.double.faults.next('create', ...messages.map((_, index) => fault(index)));
    const outcomes = await Promise.all(messages.map((message) => own.sms.send(message, NO_SIGNAL)));
    expect(outcomes.filter(({ kind }) => kind === 'not-sent')).toHaveLength(10);
    for (const [index, outcome] of outcomes.entries()) {
      const [sent] = own.double.ledger.byRef(messages[index]?.ref ?? '');
      expect(outcome.kind === 'accepted' ? outcome.providerId : undefined).toBe(sent?.sid);
    }
    await own.double.stop();
  });
});

describe('round trips with the webhooks', () => {
  test('status callbacks arrive signed, doubled and before create returns', async () => {
    const service = await startService();
    const own = await startOutbound({}, {}, { deliverTo: service.url });
    own.double.callbacks = { statuses: ['queued', 'sent', 'delivered'], delayMs: 1, doubled: true, early: true };
    const message = smsMessage();
    const outcome = await own.sms.send(message, NO_SIGNAL);
    const early = service.receipts.length;
    await own.double.settled();
    expect(early).toBeGreaterThanOrEqual(1);
    expect(service.receipts.map(({ status }) => status)).toEqual([
      'accepted',
      'sent',
      'sent',
      'delivered',
      'delivered',
    ]);
    for (const receipt of service.receipts) {
      expect([receipt.ref, receipt.providerId]).toEqual([
        message.ref,
        outcome.kind === 'accepted' && outcome.providerId,
      ]);
    }
    await own.double.stop();
    await service.stop();
  });

  test('a resident writes; Twilio tries again after a 503', async () => {
    const service = await startService();
    const own = await startOutbound({}, {}, { deliverTo: service.url, retryDelayMs: 1 });
    const accept = service.intake.accept;
    let failures = 2;
    service.intake.accept = (message) => {
      failures -= 1;
      return failures >= 0 ? Promise.reject(new Error('away')) : accept(message);
    };
    const { answers } = await own.double.deliver({ from: RESIDENT, to: OUR_SMS, body: 'হ্যালো' });
    expect(answers).toEqual([503, 503, 200]);
    expect(service.accepted.map(({ text }) => text)).toEqual(['হ্যালো']);
    await own.double.stop();
    await service.stop();
  });

  test('what the double signs is what twilio-node signs', async () => {
    const service = await startService();
    const params = { MessageSid: sid('SM', 3), AccountSid: ACCOUNT, From: RESIDENT, To: OUR_SMS };
    const url = `${PUBLIC_URL}/channels/twilio/inbound`;
    expect(getExpectedTwilioSignature('t', url, params)).toMatch(/^[A-Za-z0-9+/]{27}=$/);
    expect((await post(service, { params })).status).toBe(200);
    await service.stop();
  });
});
