import type { TwilioDouble } from '../support/twilio-double/double.ts';
import { until } from '../support/until.ts';
import { fire } from './http-load.ts';
import { numberOf, signedSms } from './signed.ts';

const CONCURRENCY = 16;

/** What each of the residents writes, one line a round; every line gets one answer. */
export const INTERVIEW = [
  'The nurse at the Royal London was kind but I waited three hours and nobody told us why.',
  'yes',
  '1',
  '1 2',
  '4',
  'Tell people how long it takes',
  'no',
] as const;

/**
 * Fires one round: `people` residents each write `line`, and the round ends when the double has accepted an answer to each.
 * Returns the seconds it took.
 */
export async function round(origin: string, double: TwilioDouble, people: number, line: string): Promise<number> {
  const before = double.ledger.messages.length;
  const shots = Array.from({ length: people }, (_, i) => signedSms(numberOf(i), line));
  const started = performance.now();
  await fire(origin, shots, CONCURRENCY);
  await until(() => double.ledger.messages.length >= before + people, 120_000);
  return (performance.now() - started) / 1000;
}
