import { describe, expect, test } from '@jest/globals';
import { ApiRefusal } from '../../../channels/twilio/api-refusal.ts';
import { failureOfCode, KNOWN_CODES } from '../../../channels/twilio/failures.ts';
import { outcomeOfError, outcomeOfSid } from '../../../channels/twilio/outcome.ts';
import { sid } from './fixture.ts';

const NOW = new Date('2026-11-22T10:00:00Z');
const refusal = (status: number, code?: string, retryAfter?: string): ApiRefusal =>
  new ApiRefusal(status, code, retryAfter);
const network = (code: string, extra: object = {}, message = 'to +447700900123'): Error =>
  Object.assign(new Error(message), { code, ...extra });

describe('the outcome table', () => {
  test.each<[string, unknown, object]>([
    ['429', refusal(429, '20429'), { kind: 'not-sent', failure: 'busy', code: '20429' }],
    ['429 with Retry-After', refusal(429, undefined, '7'), { kind: 'not-sent', failure: 'busy', retryAfterMs: 7000 }],
    [
      '429 with a date',
      refusal(429, undefined, 'Sun, 22 Nov 2026 10:01:00 GMT'),
      { kind: 'not-sent', failure: 'busy', retryAfterMs: 60_000 },
    ],
    [
      '429 with a past date',
      refusal(429, undefined, 'Sun, 22 Nov 2026 09:00:00 GMT'),
      { kind: 'not-sent', failure: 'busy', retryAfterMs: 0 },
    ],
    ['429 with nonsense', refusal(429, undefined, 'soon'), { kind: 'not-sent', failure: 'busy' }],
    ['503 with Retry-After', refusal(503, undefined, '2'), { kind: 'not-sent', failure: 'busy', retryAfterMs: 2000 }],
    ['503 without', refusal(503), { kind: 'unknown', detail: 'http-503' }],
    ['500', refusal(500, '20500'), { kind: 'unknown', detail: 'http-500' }],
    ['502', refusal(502), { kind: 'unknown', detail: 'http-502' }],
    ['504', refusal(504), { kind: 'unknown', detail: 'http-504' }],
    ['408', refusal(408), { kind: 'unknown', detail: 'http-408' }],
    ['a redirect', refusal(302), { kind: 'unknown', detail: 'http-302' }],
    ['401', refusal(401), { kind: 'refused', failure: 'sender-blocked' }],
    ['401 20003', refusal(401, '20003'), { kind: 'refused', failure: 'sender-blocked', code: '20003' }],
    ['404', refusal(404, '20404'), { kind: 'refused', failure: 'sender-blocked', code: '20404' }],
    ['400 unknown code', refusal(400, '21602'), { kind: 'refused', failure: 'our-bug', code: '21602' }],
    ['400 without a code', refusal(400), { kind: 'refused', failure: 'our-bug' }],
    ['400 rate limit', refusal(400, '14107'), { kind: 'not-sent', failure: 'busy', code: '14107' }],
    [
      'connection refused',
      network('ECONNREFUSED'),
      { kind: 'not-sent', failure: 'provider-unreachable', code: 'ECONNREFUSED' },
    ],
    ['DNS', network('ENOTFOUND'), { kind: 'not-sent', failure: 'provider-unreachable', code: 'ENOTFOUND' }],
    ['DNS for now', network('EAI_AGAIN'), { kind: 'not-sent', failure: 'provider-unreachable', code: 'EAI_AGAIN' }],
    [
      'TLS, expired',
      network('CERT_HAS_EXPIRED'),
      { kind: 'not-sent', failure: 'provider-unreachable', code: 'CERT_HAS_EXPIRED' },
    ],
    ['TLS, name', network('ERR_TLS_CERT_ALTNAME_INVALID'), { kind: 'not-sent', failure: 'provider-unreachable' }],
    ['TLS, issuer', network('UNABLE_TO_VERIFY_LEAF_SIGNATURE'), { kind: 'not-sent', failure: 'provider-unreachable' }],
    ['TLS, protocol', network('EPROTO'), { kind: 'not-sent', failure: 'provider-unreachable' }],
    [
      'TLS, cut off',
      network('ECONNRESET', {}, 'Client network socket disconnected before secure TLS connection was established'),
      { kind: 'not-sent', failure: 'provider-unreachable' },
    ],
    [
      'connecting timed out',
      network('ETIMEDOUT', { syscall: 'connect' }),
      { kind: 'not-sent', failure: 'provider-unreachable' },
    ],
    ['reading timed out', network('ETIMEDOUT', { syscall: 'read' }), { kind: 'unknown', detail: 'ETIMEDOUT' }],
    ['timeout', network('ECONNABORTED'), { kind: 'unknown', detail: 'ECONNABORTED' }],
    ['reset', network('ECONNRESET'), { kind: 'unknown', detail: 'ECONNRESET' }],
    ['broken pipe', network('EPIPE'), { kind: 'unknown', detail: 'EPIPE' }],
    ['aborted by us', network('ERR_CANCELED'), { kind: 'unknown', detail: 'ERR_CANCELED' }],
    ['unreadable 201', new SyntaxError('Unexpected token'), { kind: 'unknown', detail: 'SyntaxError' }],
    ['something thrown', 'x', { kind: 'unknown', detail: 'error' }],
    ['nothing thrown', null, { kind: 'unknown', detail: 'error' }],
  ])('%s', (_label, error, expected) => {
    const outcome = outcomeOfError(error, NOW);
    expect(outcome).toMatchObject(expected);
    expect(JSON.stringify(outcome)).not.toContain('7700900123');
  });

  test.each([
    ['opted-out', ['21610', '63014', '63033']],
    ['address-unreachable', ['21211', '21614', '21612', '30005', '30006', '63003', '63024']],
    ['window-closed', ['63016']],
    ['sender-blocked', ['20003', '63007', '21606', '21705', '21408', '30002']],
    ['content-refused', ['30007', '30004', '63032']],
    ['our-bug', ['21617']],
  ])('codes of %s', (failure, codes) => {
    for (const code of codes) {
      expect(failureOfCode(code)).toBe(failure);
      expect(outcomeOfError(refusal(400, code), NOW)).toEqual({ kind: 'refused', failure, code });
    }
  });

  test('every code of the table gives a definite outcome', () => {
    expect(KNOWN_CODES.length).toBeGreaterThan(20);
    for (const code of KNOWN_CODES)
      expect(['refused', 'not-sent']).toContain(outcomeOfError(refusal(400, code), NOW).kind);
  });

  test.each([
    [sid('SM', 1), 'accepted'],
    [sid('MM', 1), 'accepted'],
    [undefined, 'unknown'],
    [null, 'unknown'],
    ['SM1', 'unknown'],
    [sid('HX', 1), 'unknown'],
    [7, 'unknown'],
  ])('201 with sid %s', (given, kind) => {
    expect(outcomeOfSid(given).kind).toBe(kind);
  });
});
