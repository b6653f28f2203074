import { describe, expect, test } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import { activeCodes } from '../../coding/frames.ts';
import { isHeldBack, measure, readComments } from '../bench/coding-data.ts';
import { shareText, wilson } from '../bench/wilson.ts';

const read = (name: string): ReturnType<typeof readComments> =>
  readComments(fileURLToPath(new URL(`../fixtures/coding/${name}.jsonl`, import.meta.url)));

describe.each(['ben', 'ara'])('labelled stories in %s', (name) => {
  const stories = read(name);

  test('at least forty, half of them written after the lexicons were frozen, no two alike, of known issues', () => {
    const known = new Set(activeCodes('issues').map((code) => code.code));
    expect(stories.length).toBeGreaterThanOrEqual(40);
    expect(stories.filter((story) => story.heldBack).length * 2).toBeGreaterThanOrEqual(stories.length);
    expect(new Set(stories.map((story) => story.text)).size).toBe(stories.length);
    expect(stories.flatMap((story) => story.labels.flat()).filter((code) => !known.has(code))).toEqual([]);
  });

  test('the method does not fall behind what was measured when the lexicons were frozen', () => {
    const unseen = stories.filter((story) => story.heldBack).map(measure);
    const labels = unseen.flatMap((story) => story.labels.map((label) => ({ label, story })));
    const found = labels.filter(({ label, story }) => story.suggested.some((row) => label.includes(row.code)));
    expect(found.length / labels.length).toBeGreaterThanOrEqual(0.65);
  });
});

describe('measuring', () => {
  test.each([
    [0, 0, 0, 1],
    [0, 10, 0, 0.2775],
    [10, 10, 0.7225, 1],
    [50, 100, 0.4038, 0.5962],
  ])('Wilson: %i of %i', (right, trials, low, high) => {
    expect(wilson(right, trials).low).toBeCloseTo(low, 3);
    expect(wilson(right, trials).high).toBeCloseTo(high, 3);
  });

  test('a share with its interval as text', () => {
    expect(shareText(50, 100)).toBe('50.0 % (40.4–59.6)');
    expect(shareText(0, 0)).toBe('–');
  });

  test('the held-back third does not depend on case and punctuation, and is about a third', () => {
    expect(isHeldBack('Nothing. Everything was PERFECT!')).toBe(isHeldBack('nothing everything was perfect'));
    const held = Array.from({ length: 3000 }, (_, at) => `comment ${at}`).filter(isHeldBack).length;
    expect(held).toBeGreaterThan(900);
    expect(held).toBeLessThan(1100);
  });
});
