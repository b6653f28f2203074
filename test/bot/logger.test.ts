import { describe, expect, test } from '@jest/globals';
import { createLogger, scrub } from '../../bot/logger.ts';

describe('the log keeps nothing personal', () => {
  test.each([
    ['a phone number', 'cannot reach +447700900123 now', '+447700900123'],
    ['a number with spaces', 'call 07700 900 123', '900 123'],
    ['a number in Bengali digits', 'নম্বর ০৭৭০০৯০০১২৩', '০৭৭০০৯০০১২৩'],
    ['a quoted value', 'Cast to Number failed for value "I was crying"', 'crying'],
    ['an e-mail address', 'mail to amina@example.org refused', 'amina'],
  ])('%s is taken out of an error message', (_label, message, secret) => {
    expect(scrub(message)).not.toContain(secret);
  });

  test('an error is logged by class, code and place, not with what hangs on it', () => {
    const lines: string[] = [];
    const log = createLogger('debug', { write: (line: string) => void lines.push(line) });
    const error = Object.assign(new TypeError('refused "Basic c2VjcmV0"'), {
      code: 'E1',
      config: { auth: 'c2VjcmV0', body: '+447700900123' },
    });
    log.error({ err: error }, 'failed');
    expect(JSON.parse(lines[0] ?? '{}')).toMatchObject({ msg: 'failed', err: { type: 'TypeError', code: 'E1' } });
    expect(lines[0]).not.toMatch(/c2VjcmV0|447700900123/);
  });
});
