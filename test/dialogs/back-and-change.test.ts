import { describe, expect, test } from '@jest/globals';
import { PATHWAYS, parsePathway } from '../../dialogs/pathways.ts';
import { STORY, UP_TO, at, saidBy, talk } from '../support/stand-at.ts';
import { Talk } from '../support/talk.ts';

describe('back', () => {
  test('asks the previous question with what was said, and takes the new answer', () => {
    const standing = at('better');
    const event = standing.say('BACK').at(-1);
    expect(event).toMatchObject({ key: 'rating.back', params: { answer: { list: [{ key: 'rating.1' }] } } });
    const events = standing.say('5');
    expect(events).toContainEqual(
      expect.objectContaining({ question: 'rating', answer: { kind: 'choices', values: ['5'] } }),
    );
    expect(saidBy(events)).toEqual(['better.ask']);
  });

  test('leaves the answer as it is on SKIP', () => {
    const standing = at('better');
    standing.say('BACK', 'skip');
    expect(standing.state?.answers['rating']).toEqual({ kind: 'choices', values: ['1'] });
    expect(standing.state?.asked?.question).toBe('better');
  });

  test('a changed service takes back what no longer applies', () => {
    const base = PATHWAYS[0];
    if (!base) throw new Error('no pathway');
    const extra = { ...structuredClone(base.questions[6]), id: 'ward', when: [{ serviceKind: { in: ['hospital'] } }] };
    const pathway = parsePathway({
      ...base,
      questions: [...base.questions.slice(0, 4), extra, ...base.questions.slice(4)],
    });
    const standing = new Talk('whatsapp', { pathways: [pathway] });
    standing.say(STORY, 'yes', 'yes', 'ward 4', 'BACK', 'BACK');
    const events = standing.say('dentist');
    expect(events).toContainEqual(expect.objectContaining({ question: 'ward', answer: null }));
    expect(standing.state?.asked?.question).toBe('stages');
  });

  test('consent can be withdrawn', () => {
    const standing = talk(STORY, 'yes', 'back', 'back', 'no');
    expect(standing.state).toMatchObject({ consent: 'declined', answers: {} });
    expect(standing.events).toContainEqual({ type: 'experience-ended', experience: 1, outcome: 'declined' });
  });
});

describe('a pathway that grows', () => {
  const base = PATHWAYS[0];
  if (!base) throw new Error('no pathway');
  const who = {
    ...structuredClone(base.questions[5]),
    id: 'who',
    options: base.questions[5]?.options.map((option) => ({ ...option, rating: undefined })),
  };
  const grown = parsePathway(
    JSON.parse(
      JSON.stringify({
        ...base,
        version: 2,
        questions: [...base.questions.slice(0, 4), who, ...base.questions.slice(4)],
      }),
    ),
  );

  test.each(Object.keys(UP_TO))('a talk that stood at %s goes on and is asked the new question once', (question) => {
    const before = at(question);
    const after = new Talk('whatsapp', { pathways: [grown] });
    after.state = JSON.parse(JSON.stringify(before.state)) as typeof before.state;
    let turns = 0;
    while (after.state?.ended !== true && turns < 20) {
      after.take(['yes', 'the nurse was kind', '1', 'dentist', '3', 'yes'][turns % 6] ?? 'skip', {
        at: Date.UTC(2026, 11, 14) + turns * 60_000,
      });
      turns += 1;
    }
    expect(after.state).toMatchObject({ ended: true, pathway: { version: 2 } });
    expect(after.state?.answers['who']).toBeDefined();
  });

  test('a talk keeps its own version while that is shipped', () => {
    const both = new Talk('whatsapp', { pathways: [grown, base] });
    both.state = JSON.parse(JSON.stringify(at('rating').state)) as typeof both.state;
    both.take('good', { at: Date.UTC(2026, 11, 14) });
    expect(both.state?.pathway.version).toBe(1);
  });
});
