import { expect, test } from '@jest/globals';
import { Gather } from '../../models/gather.ts';

test('asks together what is asked at once, and answers each its own', async () => {
  const rounds: number[][] = [];
  const gather = new Gather((questions: readonly number[]) => {
    rounds.push([...questions]);
    return Promise.resolve(questions.map((question) => question * 2));
  });
  expect(await Promise.all([1, 2, 3].map((question) => gather.ask(question)))).toEqual([2, 4, 6]);
  expect(await gather.ask(4)).toBe(8);
  expect(rounds).toEqual([[1, 2, 3], [4]]);
});

test('what is asked during a round is answered by the next, never by the one under way', async () => {
  let release = (): void => undefined;
  const rounds: string[][] = [];
  const gather = new Gather(async (questions: readonly string[]) => {
    rounds.push([...questions]);
    if (rounds.length === 1) await new Promise<void>((resolve) => (release = resolve));
    return questions.map(() => rounds.length);
  });
  const first = gather.ask('a');
  while (rounds.length === 0) await new Promise((resolve) => setImmediate(resolve));
  const others = [gather.ask('b'), gather.ask('a')];
  release();
  expect(await first).toBe(1);
  expect(await Promise.all(others)).toEqual([2, 2]);
  expect(rounds).toEqual([['a'], ['b', 'a']]);
});

test('an error is everybody’s of its round, and nobody’s after it', async () => {
  let fails = true;
  const gather = new Gather((questions: readonly number[]) =>
    fails ? Promise.reject(new Error('away')) : Promise.resolve(questions),
  );
  const results = await Promise.allSettled([gather.ask(1), gather.ask(2)]);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  fails = false;
  expect(await gather.ask(3)).toBe(3);
});
