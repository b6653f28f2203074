import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Fault } from '../../support/twilio-double/faults.ts';
import { OUR_SMS } from './fixture.ts';
import { NO_SIGNAL, smsMessage, startOutbound, whatsappMessage, type Outbound } from './outbound-fixture.ts';

let out: Outbound;
beforeAll(async () => {
  out = await startOutbound();
});
afterAll(() => out.double.stop());
beforeEach(() => {
  out.double.ledger.messages.length = 0;
});

const find = (message: ReturnType<typeof smsMessage>, at = new Date()): Promise<{ providerId: string } | null> => {
  if (!out.sms.find || !out.whatsapp.find) throw new Error('no find');
  return (message.from === OUR_SMS ? out.sms : out.whatsapp).find?.(message, at) ?? Promise.resolve(null);
};

describe('finding a message of unknown fate', () => {
  test.each<[string, Fault, boolean]>([
    ['dropped after', { kind: 'drop-after' }, true],
    ['garbled', { kind: 'garbled' }, true],
    ['500 after', { kind: 'error-after', status: 500 }, true],
    ['dropped before', { kind: 'drop-before' }, false],
    ['500 before', { kind: 'error-before', status: 500 }, false],
  ])('%s', async (_label, fault, there) => {
    out.double.faults.next('create', fault);
    const message = smsMessage({ text: 'It’s  done.\n' });
    expect((await out.sms.send(message, NO_SIGNAL)).kind).toBe('unknown');
    const [sent] = out.double.ledger.byRef(message.ref);
    expect(await find(message)).toEqual(there ? { providerId: sent?.sid } : null);
  });

  test('with buttons, and as the numbered text it fell back to', async () => {
    for (const fault of [null, { kind: 'error-before', status: 500 } as const]) {
      const own = await startOutbound();
      const message = whatsappMessage({ text: 'Good?', choices: [{ id: 'y', title: 'Yes' }] });
      own.double.faults.next('content', fault);
      own.double.faults.next('create', { kind: 'drop-after' });
      expect((await own.whatsapp.send(message, NO_SIGNAL)).kind).toBe('unknown');
      expect(await own.whatsapp.find?.(message, new Date())).toEqual({
        providerId: own.double.ledger.messages[0]?.sid,
      });
      await own.double.stop();
    }
  });

  test('the same text sent before belongs to another row and is not taken', async () => {
    const earlier = smsMessage();
    expect((await out.sms.send(earlier, NO_SIGNAL)).kind).toBe('accepted');
    out.double.faults.next('create', { kind: 'drop-before' });
    const lost = smsMessage();
    expect((await out.sms.send(lost, NO_SIGNAL)).kind).toBe('unknown');
    expect(await find(lost)).toBeNull();
    expect(await find(earlier)).toEqual({ providerId: out.double.ledger.messages[0]?.sid });
  });

  test('of two unknown with the same text each gets one, the older the older', async () => {
    const twins = [smsMessage(), smsMessage()] as const;
    for (const twin of twins) {
      out.double.faults.next('create', { kind: 'drop-after' });
      await out.sms.send(twin, NO_SIGNAL);
    }
    const sids = out.double.ledger.messages.map(({ sid }) => sid);
    expect([await find(twins[0]), await find(twins[1])]).toEqual(sids.map((providerId) => ({ providerId })));
    expect(await find(twins[0])).toEqual({ providerId: sids[0] });
  });

  test('asked again it offers the next: the first belongs to a row of another process', async () => {
    const others = await startOutbound({ apiUrl: out.double.url });
    await others.sms.send(smsMessage(), NO_SIGNAL);
    out.double.faults.next('create', { kind: 'drop-after' });
    const lost = smsMessage();
    await out.sms.send(lost, NO_SIGNAL);
    const sids = out.double.ledger.messages.map(({ sid }) => sid);
    expect([await find(lost), await find(lost)]).toEqual(sids.map((providerId) => ({ providerId })));
    await others.double.stop();
  });

  test.each([
    ['older than the attempt', -60_000],
    ['younger than it can be', 10 * 60_000],
  ])('%s: not it', async (_label, ms) => {
    out.double.faults.next('create', { kind: 'drop-after' });
    const message = smsMessage();
    await out.sms.send(message, NO_SIGNAL);
    for (const row of out.double.ledger.messages) row.createdAt = new Date(Date.now() + ms);
    expect(await find(message)).toBeNull();
  });

  test('another text, another resident', async () => {
    await out.sms.send(smsMessage({ text: 'Other' }), NO_SIGNAL);
    await out.sms.send(smsMessage({ to: '+447700900999' }), NO_SIGNAL);
    expect(await find(smsMessage())).toBeNull();
  });

  test('looks past the first page', async () => {
    const lost = smsMessage({ text: 'needle' });
    out.double.faults.next('create', { kind: 'drop-after' });
    await out.sms.send(lost, NO_SIGNAL);
    for (let count = 0; count < 120; count += 1) await out.sms.send(smsMessage({ text: `${count}` }), NO_SIGNAL);
    expect(await find(lost)).toEqual({ providerId: out.double.ledger.byRef(lost.ref)[0]?.sid });
  });

  test.each<Fault>([{ kind: 'error-before', status: 500 }, { kind: 'drop-before' }])(
    'throws when it cannot tell: %j',
    async (fault) => {
      out.double.faults.next('list', fault);
      await expect(find(smsMessage())).rejects.toThrow();
    },
  );

  test('a template: absent is certain, present is not', async () => {
    const template = { id: 'HXnone', variables: {} };
    expect(await find(whatsappMessage({ template }))).toBeNull();
    out.double.faults.next('create', { kind: 'drop-after' });
    await out.whatsapp.send(whatsappMessage(), NO_SIGNAL);
    await expect(find(whatsappMessage({ template }))).rejects.toThrow();
  });
});
