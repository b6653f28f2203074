import { describe, expect, test } from '@jest/globals';
import { STORY, at, saidBy, typesOf } from '../support/stand-at.ts';

describe('answers', () => {
  test.each<[string, string, string[]]>([
    ['rating', '4', ['4']],
    ['rating', '৪', ['4']],
    ['rating', '٤', ['4']],
    ['rating', '۴', ['4']],
    ['rating', 'four', ['4']],
    ['rating', '4/5', ['4']],
    ['rating', '8 out of 10', ['4']],
    ['rating', 'good', ['4']],
    ['rating', 'Good!', ['4']],
    ['rating', 'it was good thanks', ['4']],
    ['rating', 'not good', ['2']],
    ['rating', 'very bad', ['1']],
    ['rating', 'verry good', ['5']],
    ['rating', 'exellent', ['5']],
    ['rating', '👍', ['4']],
    ['rating', '👎🏽', ['2']],
    ['rating', '😀', ['5']],
    ['rating', 'খুব ভালো', ['5']],
    ['rating', 'মোটামুটি', ['3']],
    ['rating', 'ভালো না', ['2']],
    ['rating', 'ممتازة', ['5']],
    ['rating', 'سيئة جدا', ['1']],
    ['rating', 'khub bhalo', ['5']],
    ['stages', '1 and 3', ['transport', 'diagnosis']],
    ['stages', '1,3', ['transport', 'diagnosis']],
    ['stages', '১ ও ৩', ['transport', 'diagnosis']],
    ['stages', '١ و٣', ['transport', 'diagnosis']],
    ['stages', 'nurses and reception', ['nursing', 'reception']],
    ['stages', 'নার্সদের সেবা', ['nursing']],
    ['stages', 'والتمريض والعلاج', ['nursing', 'treatment']],
    ['stages', 'recepton', ['reception']],
    ['stages', '5 5 5', ['nursing']],
    ['follow-up', 'yes please', ['yes']],
    ['follow-up', 'হ্যাঁ', ['yes']],
    ['follow-up', 'نعم', ['yes']],
    ['follow-up', 'ok', ['yes']],
    ['follow-up', '1', ['yes']],
    ['follow-up', 'no thank you', ['no']],
    ['follow-up', 'না', ['no']],
    ['follow-up', 'لا شكرا', ['no']],
    ['follow-up', '২', ['no']],
  ])('at %s %j is %j', (question, line, values) => {
    expect(at(question).say(line)).toContainEqual(
      expect.objectContaining({ type: 'answer-recorded', question, answer: { kind: 'choices', values } }),
    );
  });

  test.each([
    ['rating', '6'],
    ['rating', '1 and 2'],
    ['rating', 'good and very bad'],
    ['rating', 'banana'],
    ['rating', 'not'],
    ['stages', '1 and 12'],
    ['stages', 'not the nurses'],
    ['follow-up', 'yes no'],
    ['follow-up', 'no one told me'],
    ['consent', 'no one answered'],
    ['consent', 'yesterday'],
  ])('at %s %j is not taken for an answer', (question, line) => {
    const standing = at(question);
    const events = standing.say(line);
    expect(typesOf(events)).not.toContain('consent-recorded');
    expect(events).not.toContainEqual(expect.objectContaining({ type: 'answer-recorded', question }));
    expect(standing.state?.asked).toMatchObject({ question, times: 2 });
  });

  test('an answer in another language is understood and does not switch the talk', () => {
    const standing = at('rating');
    standing.say('ভালো');
    expect(standing.state).toMatchObject({ language: 'eng', answers: { rating: { values: ['4'] } } });
  });

  test.each(['stages', 'rating', 'service', 'better', 'story', 'follow-up'])('%s can be skipped', (question) => {
    const standing = at(question);
    standing.say('skip');
    expect(standing.state?.answers[question]).toEqual({ kind: 'skipped' });
  });

  test('consent cannot: it is asked in other words', () => {
    expect(saidBy(at('consent').say('skip'))).toEqual(['consent.again']);
  });

  test('not understood: asked in other words twice, then left for a coder', () => {
    const standing = at('rating');
    expect(saidBy(standing.say('banana'))).toEqual(['rating.again']);
    expect(standing.events.at(-1)).toMatchObject({ params: { heard: 'banana' } });
    expect(saidBy(standing.say('apple'))).toEqual(['rating.last']);
    const events = standing.say('cherry');
    expect(events).toContainEqual(
      expect.objectContaining({ question: 'rating', answer: { kind: 'unclear', text: 'cherry' } }),
    );
    expect(saidBy(events)).toEqual(['better.ask']);
  });

  test('a long text where a choice was asked goes to the story, and what it says of the choice is understood', () => {
    const standing = at('stages');
    const line = 'the nurses were lovely to me all night but I never saw anyone from reception';
    const events = standing.say(line);
    expect(standing.state?.answers['stages']).toEqual({ kind: 'choices', values: ['nursing', 'reception'] });
    expect(events).toContainEqual(
      expect.objectContaining({ question: 'story', answer: expect.objectContaining({ text: `${STORY}\n${line}` }) }),
    );
  });

  test('words that are everywhere in a story choose nothing in it', () => {
    const standing = at('stages');
    standing.say('after that my doctor said I had to phone again and wait at home all night');
    expect(standing.state?.asked).toMatchObject({ question: 'stages', times: 2 });
    const rated = at('rating');
    rated.say('they told me it would be good to wait at home and I did that for days');
    expect(rated.state?.asked).toMatchObject({ question: 'rating', times: 2 });
  });

  test('one that says nothing of the choice is kept all the same, and the question asked again', () => {
    const standing = at('rating');
    const events = standing.say('my brother had to take the whole day off work to drive me home');
    expect(saidBy(events)).toEqual(['story.added', 'rating.last']);
    expect(standing.state?.answers['story']).toMatchObject({ messageIds: ['m1', 'm5'] });
  });

  test('thanks in the middle are answered, not recorded', () => {
    const standing = at('better');
    expect(saidBy(standing.say('thank you bye'))).toEqual(['closing.pause']);
    expect(standing.state?.asked?.question).toBe('better');
  });
});

describe('buttons', () => {
  test('an old button changes the answer it belongs to', () => {
    const standing = at('better');
    const { events } = standing.take('Very good', { choice: 'rating:5' });
    expect(events).toContainEqual(
      expect.objectContaining({ question: 'rating', answer: { kind: 'choices', values: ['5'] } }),
    );
    expect(standing.state?.asked?.question).toBe('better');
  });

  test.each(['gone:1', 'rating:99', 'service:closed-long-ago', 'nonsense', ':', 'constructor:__proto__'])(
    'a button we no longer know (%s) is its text',
    (choice) => {
      const standing = at('rating');
      standing.take('good', { choice });
      expect(standing.state?.answers['rating']).toEqual({ kind: 'choices', values: ['4'] });
    },
  );

  test('an old "erase" button asks before anything is erased', () => {
    const standing = at('rating');
    const { events } = standing.take('Yes, erase it', { choice: 'delete:yes' });
    expect(typesOf(events)).not.toContain('erasure-requested');
  });
});
