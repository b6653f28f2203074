import { describe, expect, test } from '@jest/globals';
import { COMMAND_TABLES } from '../../languages/command-tables.ts';
import { COMMANDS, matchCommand } from '../../languages/commands.ts';
import { LOCALES } from '../../languages/locale.ts';

describe('commands', () => {
  test.each([
    ['STOP', 'stop'],
    ['Stop.', 'stop'],
    ['  stop !! ', 'stop'],
    ['ＳＴＯＰ', 'stop'],
    ['arrêt', 'stop'],
    ['ARRET', 'stop'],
    ['baja', 'stop'],
    ['dur', 'stop'],
    ['jooji', 'stop'],
    ['wypisz', 'stop'],
    ['বন্ধ', 'stop'],
    ['বন্ধ করুন।', 'stop'],
    ['توقف', 'stop'],
    ['بند کریں', 'stop'],
    ['بند كريں', 'stop'],
    ['停止', 'stop'],
    ['стоп', 'stop'],
    ['dừng', 'stop'],
    ['dung lai', 'stop'],
    ['START', 'start'],
    ['unstop', 'start'],
    ['Help!', 'help'],
    ['সাহায্য', 'help'],
    ['مساعدة', 'help'],
    ['next', 'skip'],
    ['পেছনে', 'back'],
    ['رجوع', 'back'],
    ['who are you?', 'who'],
    ['delete my data', 'delete'],
    ['I want to talk to a person', 'person'],
    ['language', 'language'],
  ])('%j is %s', (text, command) => {
    expect(matchCommand(text)?.command).toBe(command);
  });

  test.each([
    ['বাংলা', 'ben'],
    ['Bangla', 'ben'],
    ['bengali', 'ben'],
    ['العربية', 'ara'],
    ['arabic', 'ara'],
    ['English', 'eng'],
    ['soomaali', 'som'],
    ['po polsku', 'pol'],
    ['中文', 'zho'],
  ])('%s names %s', (text, language) => {
    expect(matchCommand(text)).toMatchObject({ command: 'language', language });
  });

  test.each([
    'Stop the noise from the building site',
    'please stop sending me to the wrong clinic',
    'help me understand why I waited',
    'the next appointment',
    'I started in May',
    'a person shouted at me',
    'the English nurse',
    'বন্ধ ছিল ক্লিনিক',
    '',
    '👍',
    'stop'.repeat(500),
  ])('%j is none', (text) => {
    expect(matchCommand(text)).toBeUndefined();
  });

  test.each(Object.keys(COMMAND_TABLES))(
    '%s has its own STOP and START, and no word of it means anything else',
    (language) => {
      const table = COMMAND_TABLES[language];
      for (const command of ['stop', 'start'] as const) {
        const phrases = (table?.[command] ?? []) as string[];
        expect(phrases.length).toBeGreaterThan(0);
        expect(phrases.filter((phrase) => matchCommand(phrase)?.command !== command)).toEqual([]);
      }
    },
  );

  test.each(LOCALES.map(({ meta }) => meta.language))('%s, which we write, has every command', (language) => {
    for (const command of COMMANDS) {
      const phrases = (COMMAND_TABLES[language]?.[command] ?? []) as string[];
      expect(phrases.filter((phrase) => matchCommand(phrase)?.command === command).length).toBeGreaterThan(0);
    }
  });
});
