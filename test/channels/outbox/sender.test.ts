import { expect, test } from '@jest/globals';
import { Breaker } from '../../../channels/outbox/breaker.ts';
import { Sender } from '../../../channels/outbox/sender.ts';
import { until } from './rig.ts';

const make = (perSecond: number, maxConcurrent = 50): Sender =>
  new Sender({ channel: 'sms', sender: '+442079460100' }, perSecond, maxConcurrent, new Breaker(1, 1));

test('keeps its pace', async () => {
  const sender = make(50);
  const times: number[] = [];
  for (let i = 0; i < 10; i++) sender.join(String(i), 3, () => Promise.resolve(void times.push(performance.now())));
  await until(() => times.length === 10);
  expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(9 * 20 - 10);
  await sender.stop();
});

test('a fast sender is not held to what bottleneck alone manages', async () => {
  const sender = make(2000);
  let served = 0;
  const began = performance.now();
  for (let i = 0; i < 1000; i++)
    sender.join(String(i), 3, async () => {
      served++;
      await Promise.resolve();
    });
  await until(() => served === 1000);
  expect(1000 / ((performance.now() - began) / 1000)).toBeGreaterThan(370);
  await sender.stop();
});

test('never has more under way than allowed', async () => {
  const sender = make(2000, 20);
  let now = 0;
  let most = 0;
  let served = 0;
  const work = async (): Promise<void> => {
    most = Math.max(most, ++now);
    await new Promise((resolve) => setTimeout(resolve, 5));
    now--;
    served++;
  };
  for (let i = 0; i < 100; i++) sender.join(String(i), 3, work);
  await until(() => served === 100);
  expect(most).toBeGreaterThan(1);
  expect(most).toBeLessThanOrEqual(20);
  await sender.stop();
});

test('who becomes more urgent while waiting moves up; who leaves is not served', async () => {
  const sender = make(10);
  const served: string[] = [];
  const join = (key: string, priority: number): void => {
    sender.join(key, priority, () => Promise.resolve(void served.push(key)));
  };
  for (const key of ['a', 'b', 'c', 'd']) join(key, 4);
  join('d', 1);
  sender.leave('b');
  await until(() => served.length === 3);
  expect(served).toEqual(['d', 'a', 'c']);
  expect(sender.size).toBe(0);
  await sender.stop();
});
