import { describe, expect, test } from '@jest/globals';
import type { DialogEvent } from '../../dialogs/events.ts';
import type { DialogState } from '../../dialogs/turn.ts';
import { catalogue, rendered, Talk, type TalkChannel } from '../support/talk.ts';

/** Residents who write anything at all, seeded so that a failure repeats. */

// prettier-ignore
const LINES = [
  'hi', 'yes', 'no', 'ok', 'STOP', 'START', 'HELP', 'BACK', 'skip', 'again', 'new', 'person', 'delete', 'who', 'language', 'বাংলা', 'arabic', 'english', 'polski',
  '1', '2', '3', '9', '0', '-1', '১ ও ৩', '٣', '1 and 3', '4/5', '👍', '👎🏽', '⭐⭐', '', ' ', '\u0000', '\u202e\u200f', '\ud800', '?!', '{{link}}', '$t(common.quoted)',
  'The nurse at Barts was rude', 'I waited five hours at the Royal London and nobody told me', 'হাসপাতালে চার ঘণ্টা বসে ছিলাম', 'انتظرت ثلاث ساعات', 'dentist', 'royl lndon', 'hospital',
  'another', 'not sure', 'very bad', 'খুব ভালো', 'سيئة', 'thanks bye', 'banana', '我等了三个小时', 'Czekałem trzy godziny na lekarza', 'a'.repeat(4096), 'word '.repeat(800), '😀'.repeat(2000),
  '[voice]', '[photo]', '[photo] very bad', '+1s [voice]', '+1s and then', '+0s yes', '(press 1)', '(press 2)', '(press 9)',
];
const CHOICES = [
  'rating:5',
  'stages:nursing',
  'consent:no',
  'service:another',
  'service:gone',
  'language:ben',
  'language:xxx',
  'delete:yes',
  'gone:1',
  '',
  ':',
  '__proto__:x',
];
const CHANNELS: readonly TalkChannel[] = ['sms', 'whatsapp', 'webchat'];

/** Mulberry32: a small seeded generator. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function pick<T>(from: readonly T[], random: () => number): T {
  const item = from[Math.floor(random() * from.length)];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
}

/** What must hold after every turn, whatever was written. */
function check(state: DialogState, events: readonly DialogEvent[], open: Set<number>, channel: TalkChannel): void {
  expect(JSON.parse(JSON.stringify(state))).toEqual(state);
  expect(state.answers['story'] === undefined || state.held === undefined).toBe(true);
  if (state.consent !== 'given') expect(state.started).toBeUndefined();
  for (const event of events) {
    if (event.type === 'said') expect(rendered(event, state.language ?? 'eng', channel).trim()).not.toBe('');
    if (event.type === 'experience-started') open.add(event.experience);
    if (event.type === 'answer-recorded' || event.type === 'experience-coded')
      expect(open.has(event.experience)).toBe(true);
  }
  expect(events.filter(({ type }) => type === 'said').length).toBeLessThanOrEqual(4);
}

describe('anything at all', () => {
  test.each(Array.from({ length: 60 }, (_, seed) => seed))('seed %s', (seed) => {
    expect.hasAssertions();
    const random = generator(seed);
    const channel = pick(CHANNELS, random);
    const talk = new Talk(channel);
    const open = new Set<number>();
    for (let turn = 0; turn < 40; turn += 1) {
      const choice = random() < 0.1 ? { choice: pick(CHOICES, random) } : {};
      const { state, events } = talk.take(pick(LINES, random), choice);
      check(state, events, open, channel);
    }
  });

  test('the same messages give the same states and events', () => {
    const play = (): Talk => {
      const random = generator(7);
      const talk = new Talk('whatsapp');
      for (let turn = 0; turn < 60; turn += 1) talk.take(pick(LINES, random));
      return talk;
    };
    expect(play().exchanges).toEqual(play().exchanges);
  });

  test('an input state is never changed', () => {
    const random = generator(11);
    const talk = new Talk('whatsapp');
    for (let turn = 0; turn < 60; turn += 1) {
      const before = JSON.stringify(talk.state);
      const kept = talk.state;
      talk.take(pick(LINES, random));
      expect(JSON.stringify(kept)).toBe(before);
    }
  });
});

describe('progress', () => {
  const stubborn = ['banana', '?', '👀', '7 8 9 10 11', 'कुछ', '[voice]', '[photo]', 'word '.repeat(30), ''];
  test.each(stubborn)('whoever answers everything with %j comes to the end', (line) => {
    const talk = new Talk('whatsapp');
    talk.say('The nurse was very kind to me', 'yes');
    let turns = 0;
    while (!talk.state?.ended && turns < 40) {
      // A picture is no answer and never counts as one, so this resident also skips.
      talk.say(line);
      if (line === '[photo]') talk.say('skip');
      turns += 1;
    }
    expect(talk.state?.ended).toBe(true);
  });
});

test('every text that is said exists in every language', () => {
  const said = new Set<string>();
  for (let seed = 100; seed < 110; seed += 1) {
    const random = generator(seed);
    const talk = new Talk('whatsapp');
    for (let turn = 0; turn < 60; turn += 1) talk.take(pick(LINES, random));
    for (const event of talk.events) if (event.type === 'said') said.add(event.key);
  }
  expect(said.size).toBeGreaterThan(20);
  for (const key of said) for (const language of catalogue.languages) expect(catalogue.say(language, key)).not.toBe('');
});
