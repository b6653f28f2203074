import { expect, test } from '@jest/globals';
import { Breaker } from '../../../channels/outbox/breaker.ts';

const FIRST = 30_000;
const make = (): Breaker => new Breaker(FIRST, 600_000);

test('open after a block, half-open for one probe, closed when it worked', () => {
  const breaker = make();
  expect(breaker.admit(0)).toBe(true);
  expect(breaker.blocked(0)).toEqual({ until: FIRST, news: true });
  expect(breaker.admit(FIRST - 1)).toBe(false);
  expect(breaker.admit(FIRST)).toBe(true);
  expect(breaker.admit(FIRST)).toBe(false);
  expect(breaker.worked()).toBe(true);
  expect(breaker.admit(FIRST)).toBe(true);
  expect(breaker.admit(FIRST)).toBe(true);
  expect(breaker.worked()).toBe(false);
});

test('each block in a row lasts twice as long, up to the longest, and is news once', () => {
  const breaker = make();
  let now = 0;
  const lasted: number[] = [];
  for (let i = 0; i < 7; i++) {
    const { until, news } = breaker.blocked(now);
    expect(news).toBe(i === 0);
    lasted.push(until - now);
    now = until;
  }
  expect(lasted).toEqual([30_000, 60_000, 120_000, 240_000, 480_000, 600_000, 600_000]);
});

test('a probe that was not made leaves room for another', () => {
  const breaker = make();
  breaker.blocked(0);
  expect(breaker.admit(FIRST)).toBe(true);
  breaker.abstained();
  expect(breaker.admit(FIRST)).toBe(true);
});

test('a probe of unknown fate closes nothing', () => {
  const breaker = make();
  breaker.blocked(0);
  breaker.admit(FIRST);
  breaker.unclear(FIRST);
  expect(breaker.closedTo(FIRST + 1)).toBe(true);
  expect(breaker.closedTo(2 * FIRST)).toBe(false);
});

test('an unknown fate alone stops nobody', () => {
  const breaker = make();
  breaker.unclear(0);
  expect(breaker.closedTo(1)).toBe(false);
});

test('Retry-After pauses at once; without it five stumbles in a row do', () => {
  const asked = make();
  asked.stumbled(0, 5000, 1000);
  expect(asked.closedTo(4999)).toBe(true);
  expect(asked.closedTo(5000)).toBe(false);
  const stumbling = make();
  for (let i = 0; i < 4; i++) stumbling.stumbled(0, undefined, 1000);
  expect(stumbling.closedTo(1)).toBe(false);
  stumbling.stumbled(0, undefined, 1000);
  expect(stumbling.closedTo(999)).toBe(true);
  expect(stumbling.worked()).toBe(false);
});
