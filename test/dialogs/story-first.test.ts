import { describe, expect, test } from '@jest/globals';
import { STORY, at, saidBy, talk, typesOf } from '../support/stand-at.ts';
import { world } from '../support/talk.ts';

describe('story first', () => {
  test('a first message that tells is held, thanked for and becomes the story on yes', () => {
    const first = talk(STORY);
    expect(saidBy(first.events)).toEqual(['consent.hello'.replace('hello', 'story')]);
    expect(first.state).toMatchObject({ held: { text: STORY, messageIds: ['m1'], media: 0 }, answers: {} });
    const events = first.say('yes');
    expect(typesOf(events)).toEqual([
      'consent-recorded',
      'experience-started',
      'answer-recorded',
      'experience-coded',
      'said',
    ]);
    expect(events[2]).toMatchObject({ question: 'story', answer: { kind: 'text', text: STORY, messageIds: ['m1'] } });
    expect(first.state?.held).toBeUndefined();
  });

  test('on no everything told is dropped and no item arises', () => {
    const refused = talk(STORY, '+3s and the food was cold', 'no');
    expect(typesOf(refused.events)).not.toContain('experience-started');
    expect(refused.events).toContainEqual({ type: 'consent-recorded', purpose: 'store', given: false });
    expect(JSON.stringify(refused.state)).not.toContain('Royal');
    expect(JSON.stringify(refused.state)).not.toContain('food');
  });

  test.each([
    'hi',
    'Hello!',
    'salam',
    'হ্যালো',
    'مرحبا',
    'Hi, I want to give feedback',
    '👋',
    'আসসালামু আলাইকুম',
    'السلام عليكم',
  ])('%s is a greeting and no story', (line) => {
    expect(talk(line).state?.held).toBeUndefined();
  });

  test.each([
    'hi the nurse was rude',
    'rude receptionist',
    'অপেক্ষা',
    'ডাক্তার খারাপ',
    'الممرضة لطيفة',
    'Hello. I waited 4 hours',
  ])('%s is a story', (line) => {
    expect(talk(line).state?.held?.text).toBe(line);
  });

  test('first contact is one message with thanks, privacy, link and the question', () => {
    for (const line of ['hi', STORY]) {
      const said = talk(line).events.filter((event) => event.type === 'said');
      expect(said).toHaveLength(1);
      expect(said[0]).toMatchObject({
        params: { link: world.privacyUrl },
        choices: [{ id: 'consent:yes' }, { id: 'consent:no' }],
      });
    }
  });
});

describe('bursts', () => {
  test('a photo, a voice note and three texts within seconds are one story in order, with one question', () => {
    const standing = talk(
      '[photo] this was my ward',
      '+2s [voice]',
      '+2s nobody cleaned it',
      '+1s for days',
      '+2s disgusting',
    );
    expect(saidBy(standing.events)).toEqual(['consent.story', 'story.voice']);
    expect(standing.state?.held).toEqual({
      text: 'this was my ward\nnobody cleaned it\nfor days\ndisgusting',
      messageIds: ['m1', 'm2', 'm3', 'm4', 'm5'],
      media: 2,
    });
  });

  test('a clear answer within seconds is an answer', () => {
    expect(talk(STORY, '+2s yes').state?.consent).toBe('given');
  });

  test('a message from before the question was asked belongs to the story, whatever it says', () => {
    const standing = at('service');
    const asked = standing.state?.asked?.at ?? 0;
    const { events } = standing.take('and dentist was closed', { at: asked - 500 });
    expect(saidBy(events)).toEqual([]);
    expect(events).toContainEqual(
      expect.objectContaining({
        question: 'story',
        answer: expect.objectContaining({ text: 'the nurse was kind to me\nand dentist was closed' }),
      }),
    );
    expect(standing.state?.asked?.question).toBe('service');
  });

  test('a "yes" from before the consent question was asked is no consent', () => {
    const standing = at('consent');
    const { events } = standing.take('yes', { at: standing.state?.asked?.at ?? 0 });
    expect(events).toEqual([]);
    expect(standing.state?.consent).toBeUndefined();
  });

  test('a voice note at a question is kept and acknowledged; the third time we go on', () => {
    const standing = at('rating');
    expect(saidBy(standing.say('[voice]'))).toEqual(['story.voice-answer']);
    expect(saidBy(standing.say('[voice]'))).toEqual(['rating.last']);
    standing.say('[voice]');
    expect(standing.state?.asked?.question).toBe('better');
    expect(standing.state?.answers['story']).toMatchObject({ media: 3 });
  });

  test('a caption may be the answer', () => {
    const standing = at('rating');
    standing.say('[photo] very bad');
    expect(standing.state?.answers).toMatchObject({ rating: { values: ['1'] }, story: { media: 1, text: STORY } });
  });
});
