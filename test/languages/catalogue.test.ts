import { describe, expect, test } from '@jest/globals';
import { createCatalogue, type TextParam } from '../../languages/catalogue.ts';
import { gapsOf } from '../../languages/locale-checks.ts';
import { LOCALES, type Locale } from '../../languages/locale.ts';
import { smsSegments } from '../support/sms-segments.ts';
import { ASIDES, PATHWAYS } from '../../dialogs/pathways.ts';

const catalogue = createCatalogue();
const [eng] = LOCALES;
if (!eng) throw new Error('no locales');
const keys = Object.entries(eng.texts).flatMap(([namespace, texts]) =>
  Object.keys(texts).map((key) => `${namespace}.${key}`),
);
const baseKeys = [...new Set(keys.map((key) => key.replace(/_(?:short|zero|one|two|few|many|other)$/, '')))];
const typical: Record<string, TextParam> = {
  link: 'https://shuni.example/privacy',
  reference: 'TH-7K2M-9QXW',
  heard: 'a quick brown…',
  service: "St Bartholomew's Hospital",
  name: 'Polski',
  text: 'The nurse was rude to my mum and…',
  attachments: { key: 'common.attachments', params: { count: 3 } },
  count: 3,
};
const SCRIPTS: Record<string, RegExp> = {
  eng: /\p{Script=Latin}/u,
  ben: /\p{Script=Bengali}/u,
  ara: /\p{Script=Arabic}/u,
};
const forms = LOCALES.flatMap(({ meta }) =>
  baseKeys.flatMap((key) => [false, true].map((short) => [meta.language, key, short] as const)),
);

describe('texts', () => {
  test.each(forms)('%s %s (short: %s) is said whole, in its own script', (language, key, short) => {
    const text = catalogue.say(language, key, { ...typical, answer: 'Nursing' }, { short });
    expect(text.trim()).not.toBe('');
    expect(text).not.toMatch(/\{\{|\}\}|undefined|\[object/);
    const marks = key.startsWith('common.quoted');
    expect(marks || SCRIPTS[language]?.test(text)).toBe(true);
  });

  test.each(LOCALES.map((locale) => [locale.meta.language, locale] as const))(
    '%s lacks nothing',
    (_language, locale) => {
      expect(gapsOf(locale, eng)).toEqual([]);
      expect(locale.meta).toMatchObject({
        status: expect.stringMatching(/^(machine-drafted|community-reviewed)$/),
        when: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
      });
    },
  );

  test('Bengali and Arabic sentences hold no stray English words', () => {
    const allowed = /^(?:NHS|STOP|START|A&E|https?|A|E|Which|language|is|best|for|you|shall|we|use)$/;
    const stray = LOCALES.filter(({ meta }) => meta.language !== 'eng').flatMap(({ meta, texts }) =>
      Object.entries(texts).flatMap(([namespace, list]) =>
        Object.entries(list).flatMap(([key, text]) =>
          (text.replace(/\{\{\w+\}\}/g, '').match(/[A-Za-z]+/g) ?? [])
            .filter((word) => !allowed.test(word))
            .map((word) => `${meta.language} ${namespace}.${key}: ${word}`),
        ),
      ),
    );
    expect(stray).toEqual([]);
  });
});

describe('SMS', () => {
  const questions = [...PATHWAYS.flatMap((pathway) => pathway.questions), ...ASIDES];
  const optionsOf = (key: string, language: string): string[] => {
    const question = questions.find(({ texts }) => Object.values(texts).includes(key));
    if (question?.kind === 'language') return ['English', 'বাংলা', 'العربية'];
    if (key === 'service.offer')
      return [
        "St Bartholomew's Hospital",
        'The Royal London Hospital',
        'Moorfields Eye Hospital',
        ...titles(question, language),
      ];
    if (key === 'service.confirm') return ["St Bartholomew's Hospital", ...titles(question, language)];
    if (key === 'service.confirm-kind')
      return [catalogue.say(language, 'service.kind-urgent-care', {}, { short: true }), ...titles(question, language)];
    return question?.kind === 'service' ? [] : titles(question, language);
  };
  const titles = (question: (typeof questions)[number] | undefined, language: string): string[] =>
    (question?.options ?? []).map(({ title }) => catalogue.say(language, title, {}, { short: true }));
  const answers: Record<string, TextParam> = {
    stages: { list: [{ key: 'stages.nursing' }, { key: 'stages.treatment' }] },
    rating: { key: 'rating.5' },
    'follow-up': { key: 'follow-up.yes' },
  };

  const sent = baseKeys.filter((key) => !key.startsWith('privacy.')); // a page, never a message
  const cases = LOCALES.flatMap(({ meta }) => sent.map((key) => [meta.language, key] as const));
  test.each(cases)('%s %s fits three segments with its numbered options', (language, key) => {
    const namespace = key.slice(0, key.indexOf('.'));
    const answer = answers[namespace] ?? { key: 'common.quoted', params: { text: 'x'.repeat(60) } };
    const text = catalogue.say(language, key, { ...typical, answer }, { short: true });
    const lines = [text, ...optionsOf(key, language).map((title, index) => `${index + 1}. ${title}`)].join('\n');
    expect(smsSegments(lines).segments).toBeLessThanOrEqual(3);
  });

  test('English short texts cost no UCS-2', () => {
    const mixed = ['language.ask', 'language.again'];
    const costly = sent.filter((key) => {
      const text = catalogue.say(
        'eng',
        key,
        { ...typical, heard: 'x', text: 'x', name: 'x', answer: 'x' },
        { short: true },
      );
      return smsSegments(text).encoding !== 'GSM-7' && !mixed.includes(key);
    });
    expect(costly).toEqual([]);
  });
});

describe('WhatsApp', () => {
  const titles = [...PATHWAYS.flatMap((pathway) => pathway.questions), ...ASIDES].flatMap(({ options }) =>
    options.map(({ title }) => [title, options.length] as const),
  );
  test.each(titles)('the title %s (of %s) fits a button (20) or a list row (24)', (title, count) => {
    for (const { meta } of LOCALES) {
      const text = catalogue.say(meta.language, title);
      expect(text.length).toBeLessThanOrEqual(count <= 3 ? 20 : 24);
    }
  });
});

describe('parameters', () => {
  test('what a resident wrote is never read as a text of ours', () => {
    const hostile = '$t(common.quoted) {{link}} <b>&amp; %s';
    expect(catalogue.say('eng', 'service.again', { heard: hostile })).toContain(hostile);
  });

  test('lists and references are said in the language', () => {
    const answer: TextParam = { list: [{ key: 'stages.nursing' }, { key: 'stages.treatment' }] };
    expect(catalogue.say('ben', 'stages.back', { answer })).toContain('নার্সের সেবা এবং চিকিৎসা');
  });

  test.each([
    [0, 'لا صور ولا تسجيلات'],
    [2, 'صورتان أو تسجيلان'],
    [3, '3 صور أو تسجيلات'],
    [11, '11 صورة أو تسجيلًا'],
  ])('Arabic counts %s', (count, text) => {
    expect(catalogue.say('ara', 'common.attachments', { count })).toBe(text);
  });

  test('a language we cannot write falls back to English, whole', () => {
    expect(catalogue.say('pol', 'rating.ask')).toBe(catalogue.say('eng', 'rating.ask'));
  });

  test('an unknown key is our bug and says so', () => {
    expect(catalogue.has('rating.wrong')).toBe(false);
    expect(() => catalogue.say('eng', 'rating.wrong')).toThrow('rating.wrong');
  });
});

describe('a locale with gaps', () => {
  const broken = (texts: Record<string, Record<string, string>>): Locale[] => [
    { meta: eng.meta, texts: { a: { x: 'X {{name}}', n_one: '1', n_other: 'n' } } },
    { meta: { ...eng.meta, language: 'ara' }, texts },
  ];
  test.each([
    [
      'a missing text',
      { a: { n_zero: '', n_one: '', n_two: '', n_few: '', n_many: '', n_other: '' } },
      /ara misses a\.x/,
    ],
    ['a missing plural', { a: { x: 'س {{name}}', n_one: 'س', n_other: 'س' } }, /ara misses a\.n_few/],
    ['another placeholder', { a: { x: 'س {{nom}}' } }, /a\.x has other placeholders/],
    ['an unknown text', { a: { x: 'س {{name}}', y: 'س' } }, /a\.y is unknown/],
  ])('is refused at start for %s', (_label, texts, message) => {
    expect(() => createCatalogue(broken(texts as Record<string, Record<string, string>>))).toThrow(message);
  });
});
