import { describe, expect, test } from '@jest/globals';
import { createDialog } from '../../dialogs/engine.ts';
import { Talk } from '../support/talk.ts';

const { lapse } = createDialog({ suggestCodings: () => [] });
const LATER = Date.UTC(2026, 10, 25);

function stateAfter(...lines: string[]): NonNullable<Talk['state']> {
  const talk = new Talk('whatsapp');
  talk.say(...lines);
  if (!talk.state) throw new Error('no state');
  return talk.state;
}

describe('a silence of 24 hours', () => {
  test('keeps what was told as partial, once', () => {
    const first = lapse(stateAfter('The nurse was kind to me', 'yes'), LATER);
    expect(first.events).toEqual([{ type: 'experience-ended', experience: 1, outcome: 'partial' }]);
    expect(lapse(first.state, LATER).events).toEqual([]);
  });

  test.each([
    ['before consent', ['The nurse was kind to me']],
    ['after a no', ['The nurse was kind to me', 'no']],
    ['without a story', ['hello', 'yes']],
    ['after the end', ['The nurse was kind to me', 'yes', 'skip', 'skip', 'skip', 'skip', 'skip']],
  ])('%s changes nothing', (_label, lines) => {
    const state = stateAfter(...lines);
    expect(lapse(state, LATER)).toEqual({ state, events: [] });
  });

  test('whoever comes back goes on where they were, and may end complete', () => {
    const talk = new Talk('whatsapp');
    talk.say('The nurse was kind to me', 'yes');
    if (!talk.state) throw new Error('no state');
    talk.state = lapse(talk.state, LATER).state;
    const { events } = talk.take('barts', { at: LATER + 1_900_000_000 });
    expect(events).toContainEqual(expect.objectContaining({ question: 'service' }));
    expect(talk.state.asked?.question).toBe('stages');
    expect(talk.state.lapsed).toBeUndefined();
  });
});
