import { describe, expect, test } from '@jest/globals';
import type { DialogEvent } from '../../dialogs/events.ts';
import { Talk, type TalkChannel } from '../support/talk.ts';

const STORY = 'I had a bad time at Barts hospital';

function talk(channel: TalkChannel, ...lines: string[]): Talk {
  const made = new Talk(channel);
  made.say(...lines);
  return made;
}

const types = (events: readonly DialogEvent[]): string[] => events.map(({ type }) => type);

describe('STOP', () => {
  test.each(['STOP', 'stop.', 'বন্ধ', 'توقف', 'jooji', 'wypisz', 'arrêt'])(
    '%s is confirmed once, where the provider does not',
    (word) => {
      const standing = talk('whatsapp', STORY, 'yes');
      expect(standing.say(word)).toEqual([
        { type: 'opted-out' },
        { type: 'said', key: 'opt-out.ack', purpose: 'opt-out-ack' },
      ]);
      expect(standing.say(word)).toEqual([{ type: 'opted-out' }]);
    },
  );

  test('is confirmed in the language it was written in, even as the first word', () => {
    expect(talk('whatsapp', 'توقف').state?.language).toBe('ara');
    expect(talk('whatsapp', 'বন্ধ').state?.language).toBe('ben');
  });

  test('is recorded in silence where the provider confirms it', () => {
    expect(talk('sms', STORY, 'yes').say('STOP')).toEqual([{ type: 'opted-out' }]);
  });

  test.each([
    ['stop', ['opted-out']],
    ['start', ['opted-in']],
    ['help', []],
  ] as const)('%s already handled by the provider is recorded and not answered', (providerOptOut, expected) => {
    const { events } = new Talk('sms').take('anything at all, even a story', { providerOptOut });
    expect(types(events)).toEqual(expected);
  });

  test('inside a sentence it is feedback', () => {
    const events = talk('whatsapp', 'Stop the noise from the building site').events;
    expect(types(events)).not.toContain('opted-out');
  });
});

describe('after STOP', () => {
  test('what is told is kept, nothing is asked, and that we read is said once', () => {
    const standing = talk('whatsapp', STORY, 'yes', 'STOP');
    const events = standing.say('and the food was cold', 'and so was the room');
    expect(events.filter(({ type }) => type === 'said')).toEqual([
      { type: 'said', key: 'opt-out.listening', purpose: 'reply' },
    ]);
    expect(standing.state?.answers['story']).toMatchObject({
      text: `${STORY}\nand the food was cold\nand so was the room`,
    });
  });

  test('it is said again only after another STOP', () => {
    const standing = talk('whatsapp', STORY, 'yes', 'STOP', 'cold food', 'START', 'STOP');
    expect(types(standing.say('cold room'))).toContain('said');
  });

  test('where the provider blocks us nothing is said', () => {
    const standing = talk('sms', STORY, 'yes', 'STOP');
    expect(standing.say('and the food was cold', 'yes', 'HELP').filter(({ type }) => type === 'said')).toEqual([]);
  });

  test.each(['START', 'start!', 'শুরু', 'ابدأ', 'yes', 'হ্যাঁ'])(
    '%s undoes it and goes on at the next missing thing',
    (word) => {
      const standing = talk('whatsapp', STORY, 'yes', 'STOP', 'and the food was cold');
      const events = standing.say(word);
      expect(events[0]).toEqual({ type: 'opted-in' });
      expect(events.at(-1)).toMatchObject({ key: 'service.confirm' });
    },
  );

  test('a yes that answers nothing we said undoes nothing', () => {
    expect(types(talk('whatsapp', STORY, 'yes', 'STOP').say('yes'))).not.toContain('opted-in');
  });

  test('a person can still be asked for, and everything erased', () => {
    const standing = talk('whatsapp', STORY, 'yes', 'STOP');
    expect(types(standing.say('PERSON'))).toEqual(['person-requested', 'said']);
    expect(types(standing.say('DELETE', 'yes'))).toEqual(['said', 'erasure-requested', 'said']);
  });

  test('a story without consent is held, not recorded', () => {
    const standing = talk('whatsapp', 'STOP', 'the ward was dirty and cold');
    expect(standing.state?.held?.text).toBe('the ward was dirty and cold');
    expect(types(standing.events)).not.toContain('answer-recorded');
  });
});
