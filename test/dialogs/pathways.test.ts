import { describe, expect, test } from '@jest/globals';
import careExperience from '../../dialogs/pathways/care-experience.json' with { type: 'json' };
import { createDialog } from '../../dialogs/engine.ts';
import { ASIDES, PATHWAYS, parsePathway } from '../../dialogs/pathways.ts';
import { createCatalogue } from '../../languages/catalogue.ts';
import { meanings } from '../../languages/words.ts';
import stages from '../../coding/frames/care-pathway.v1.json' with { type: 'json' };
import { wordsByLanguage } from '../../languages/words.ts';

const catalogue = createCatalogue();
const questions = [...PATHWAYS.flatMap((pathway) => pathway.questions), ...ASIDES];

describe('every question', () => {
  test.each(questions.map((question) => [question.id, question] as const))(
    '%s has its texts and words',
    (_id, question) => {
      const keys = [...Object.values(question.texts), ...question.options.map(({ title }) => title)];
      expect(keys.filter((key) => !catalogue.has(key))).toEqual([]);
      const used = [...question.all, ...question.options.flatMap(({ words }) => words)];
      expect(used.filter((meaning) => !meanings().includes(meaning))).toEqual([]);
    },
  );

  test('what options mean is said in every language we write', () => {
    const used = new Set(questions.flatMap(({ options, all }) => [...all, ...options.flatMap(({ words }) => words)]));
    const gaps = [...used].flatMap((meaning) =>
      wordsByLanguage(meaning)
        .filter(({ language, words }) => catalogue.languages.includes(language) && words.length === 0)
        .map(({ language }) => `${language} ${meaning}`),
    );
    expect(gaps).toEqual([]);
  });

  test('stage options carry codes of the care pathway frame', () => {
    const known = new Set(stages.codes.map(({ code }) => code));
    const codings = questions.flatMap(({ options }) => options.flatMap((option) => option.codings));
    expect(codings.map(({ code }) => code).sort()).toEqual([...known].sort());
    expect(
      codings.every(({ scheme, schemeVersion }) => scheme === stages.scheme && schemeVersion === stages.version),
    ).toBe(true);
  });
});

describe('a pathway file is refused', () => {
  const [first, ...rest] = careExperience.questions;
  test.each([
    ['with an unknown kind', { ...careExperience, questions: [{ ...first, kind: 'essay' }] }],
    ['with a misspelt field', { ...careExperience, questions: [{ ...first, skipable: true }] }],
    ['with an id used twice', { ...careExperience, questions: [first, first] }],
    [
      'with a condition on nothing',
      { ...careExperience, questions: [{ ...first, when: [{ question: 'gone', is: ['x'] }] }] },
    ],
    ['without questions', { ...careExperience, questions: [] }],
    ['without a version', { id: 'x', questions: rest }],
  ])('%s', (_label, data) => {
    expect(() => parsePathway(data)).toThrow();
  });

  test('when it names a text the catalogue does not have', () => {
    const pathway = parsePathway({
      ...careExperience,
      questions: [{ ...first, texts: { ...first?.texts, ask: 'language.gone' } }],
    });
    expect(() => createDialog({ suggestCodings: () => [], pathways: [pathway] })).toThrow('language.gone');
  });
});
