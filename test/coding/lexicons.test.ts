import { describe, expect, test } from '@jest/globals';
import { activeCodes } from '../../coding/frames.ts';
import type { LexiconFile } from '../../coding/lexicon-schema.ts';
import { compileLexicon, readLexicon } from '../../coding/lexicon.ts';
import arabic from '../../coding/lexicons/ara.json' with { type: 'json' };
import bengali from '../../coding/lexicons/ben.json' with { type: 'json' };
import english from '../../coding/lexicons/eng.json' with { type: 'json' };
import { findHits, readWords } from '../../coding/match.ts';
import { wordsOf } from '../../coding/words.ts';

const files = [english, bengali, arabic].map(readLexicon).map((file) => [file.language, file] as const);

const blocks = (file: LexiconFile): LexiconFile['issues'][string] =>
  [...Object.values(file.issues), ...Object.values(file.stages)].flat();

/** A form as somebody would write it. */
const asStory = (form: string): string =>
  form
    .replace(/^!/, '')
    .replaceAll('…', 'qqq')
    .replaceAll(/(?<=^| )=|\*(?= |$)/g, '');

describe.each(files)('lexicon %s', (_, file) => {
  test('every form finds itself', () => {
    const lexicon = compileLexicon([file]);
    const { positive, negative } = file.sentiment;
    const forms = [...blocks(file).flatMap((block) => block.forms), ...positive, ...negative, ...file.negation.except];
    const lost = forms.filter((form) => {
      const hits = findHits(readWords(wordsOf(asStory(form)), lexicon), lexicon);
      return !hits.some((hit) => hit.form.written === form.replace(/^!/, ''));
    });
    expect(lost).toEqual([]);
  });

  test('every issue but the general comment and every stage has words', () => {
    const issues = activeCodes('issues')
      .map((code) => code.code)
      .filter((code) => code !== 'general-comment');
    expect(Object.keys(file.issues).toSorted()).toEqual(issues.toSorted());
    expect(Object.keys(file.stages).toSorted()).toEqual(
      activeCodes('care-pathway')
        .map((code) => code.code)
        .toSorted(),
    );
  });
});

describe('reading a lexicon', () => {
  test('an unknown code is refused by name', () => {
    const file = { ...english, issues: { 'no-such-code': [{ weight: 0.5, forms: ['x'] }] } };
    expect(() => readLexicon(file)).toThrow('no-such-code');
  });

  test('a weight above one is refused', () => {
    const file = { ...english, issues: { quality: [{ weight: 2, forms: ['x'] }] } };
    expect(() => readLexicon(file)).toThrow();
  });
});
