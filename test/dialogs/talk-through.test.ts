import { describe, expect, test } from '@jest/globals';
import { cpuMs } from '../support/cpu.ts';
import { STORY, UP_TO, at, saidBy, talk, typesOf } from '../support/stand-at.ts';
import { Talk, type TalkChannel } from '../support/talk.ts';

describe('languages', () => {
  test('one message does not switch a settled language, two clear ones do', () => {
    const standing = at('better');
    standing.say('আরও নার্স দরকার ছিল');
    expect(standing.state?.language).toBe('eng');
    const events = standing.say('আমি ঠিক বুঝিনি আপনি কী চান');
    expect(events).toContainEqual({ type: 'language-changed', language: 'ben', by: 'detected' });
  });

  test('borrowed words in Latin letters do not count', () => {
    const standing = talk('আমার ডাক্তার খুব খারাপ ছিলেন', 'yes', 'gp surgery', 'reception', 'very bad');
    expect(standing.state?.language).toBe('ben');
  });

  test.each([
    ['বাংলা', 'ben'],
    ['Bangla', 'ben'],
    ['العربية', 'ara'],
    ['arabic', 'ara'],
  ])('%s switches and asks the standing question again', (line, language) => {
    const standing = at('rating');
    const events = standing.say(line);
    expect(events[0]).toEqual({ type: 'language-changed', language, by: 'resident' });
    expect(saidBy(events)).toEqual(['language.changed', 'rating.ask']);
  });

  test('uncertain: asked by own names, the likeliest first, and what was told is kept', () => {
    const standing = talk('ami khub oshustho chilam kintu daktar amake dekhe nai');
    expect(standing.events.at(-1)).toMatchObject({
      key: 'language.ask',
      choices: [{ id: 'language:ben', title: { name: 'বাংলা' } }, { id: 'language:eng' }, { id: 'language:ara' }],
    });
    standing.say('(press 1)', 'ha');
    expect(standing.state).toMatchObject({ language: 'ben', answers: { story: { messageIds: ['m1'] } } });
  });

  test('a language we cannot write is said once, and the talk goes on in English', () => {
    const standing = talk('Czekałem trzy godziny na lekarza w szpitalu', 'tak', 'yes');
    expect(saidBy(standing.events).filter((key) => key === 'language.cannot-write')).toHaveLength(1);
    expect(standing.state).toMatchObject({ language: 'pol', consent: 'given' });
  });
});

describe('the end', () => {
  const whole = [...(UP_TO['follow-up'] ?? []), 'yes'];

  test('is complete, with a reference and an offer to tell more', () => {
    const events = talk(...whole).exchanges.at(-1)?.events ?? [];
    expect(typesOf(events)).toEqual(['answer-recorded', 'consent-recorded', 'experience-ended', 'said', 'said']);
    expect(events).toContainEqual({ type: 'experience-ended', experience: 1, outcome: 'complete' });
    expect(events.at(-2)).toMatchObject({ key: 'closing.thanks', params: { reference: 'TH-7K2M-1QXW' } });
  });

  test('another experience needs no privacy again', () => {
    const standing = talk(...whole, 'yes', 'The pharmacist in Bow was lovely');
    expect(standing.events).toContainEqual(expect.objectContaining({ type: 'experience-started', experience: 2 }));
    expect(standing.events.filter(({ type }) => type === 'consent-recorded')).toHaveLength(2);
    expect(standing.state?.answers['rating']).toBeUndefined();
  });

  test('a message that tells something begins another; thanks do not', () => {
    const thanked = talk(...whole, 'thank you');
    expect(saidBy(thanked.exchanges.at(-1)?.events ?? [])).toEqual(['closing.bye']);
    expect(thanked.say('ok', 'thanks')).toEqual([]);
    expect(thanked.say('the dentist hurt me badly')).toContainEqual(
      expect.objectContaining({ type: 'experience-started', experience: 2 }),
    );
  });

  test('NEW in the middle keeps what was told as partial', () => {
    const events = at('rating').say('new');
    expect(events).toContainEqual({ type: 'experience-ended', experience: 1, outcome: 'partial' });
    expect(saidBy(events)).toEqual(['story.next']);
  });
});

describe('codes', () => {
  test('what was chosen is the resident\u2019s, with the sentiment of the rating; suggestions never double it', () => {
    const standing = new Talk('whatsapp', {
      suggestCodings: ({ texts, rating, stages }) => {
        expect(texts[0]).toBe(STORY);
        return [
          {
            scheme: 'care-pathway',
            schemeVersion: 1,
            code: stages[0] ?? 'none',
            sentiment: 'neutral',
            origin: 'suggested',
          },
          {
            scheme: 'issues',
            schemeVersion: 1,
            code: 'timely-access',
            sentiment: rating === 1 ? 'negative' : 'neutral',
            origin: 'suggested',
          },
        ];
      },
    });
    standing.say(STORY, 'yes', 'yes', '5', '1');
    const last = standing.events.filter((event) => event.type === 'experience-coded').at(-1);
    expect(last?.codings).toEqual([
      { scheme: 'care-pathway', schemeVersion: 1, code: 'nursing', sentiment: 'negative', origin: 'resident' },
      { scheme: 'issues', schemeVersion: 1, code: 'timely-access', sentiment: 'negative', origin: 'suggested' },
    ]);
  });
});

test.each<TalkChannel>(['sms', 'whatsapp', 'webchat'])(
  'an ordinary turn on %s takes a fraction of a millisecond',
  (channel) => {
    const run = (): number => {
      const standing = new Talk(channel);
      standing.say(...(UP_TO['follow-up'] ?? []), 'yes');
      return standing.exchanges.length;
    };
    for (let round = 0; round < 20; round += 1) run();
    let turns = 0;
    const spent = cpuMs(() => {
      for (let round = 0; round < 30; round += 1) turns += run();
    });
    expect(spent / turns).toBeLessThan(1); // measured: 0.1 to 0.3, language detection included
  },
);
