import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { DialogEvent } from '../../dialogs/events.ts';
import { ASIDES, PATHWAYS } from '../../dialogs/pathways.ts';
import { COMMANDS, matchCommand } from '../../languages/commands.ts';
import { Talk, transcript } from '../support/talk.ts';
import { SCRIPTS, type Script } from './scripts.ts';

/** Golden transcripts: read the diff as a resident would. `UPDATE_GOLDEN=1` writes them anew. */

const FOLDER = new URL('.', import.meta.url);

function play({ channel, lines }: Script): Talk {
  const talk = new Talk(channel);
  for (const line of lines) talk.take(line);
  return talk;
}

function fileOf({ name, channel }: Script): string {
  return `${name}.${channel}.txt`;
}

describe('transcripts', () => {
  test.each(SCRIPTS.map((script) => [fileOf(script), script] as const))('%s', (file, script) => {
    const url = new URL(file, FOLDER);
    const now = transcript(play(script), script.channel);
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(url, now);
    expect(existsSync(url) ? readFileSync(url, 'utf8') : '').toBe(now);
  });

  test('no transcript is left over from a script that is gone', () => {
    const written = readdirSync(FOLDER).filter((file) => file.endsWith('.txt'));
    expect(written.sort()).toEqual(SCRIPTS.map(fileOf).sort());
  });
});

describe('every part of the dialogs is played', () => {
  const talks = SCRIPTS.map(play);
  const exchanges = talks.flatMap((talk) => talk.exchanges);

  const questions = [...PATHWAYS.flatMap((pathway) => pathway.questions), ...ASIDES].map(({ id }) => id);
  test.each(questions)('question %s', (id) => {
    expect(exchanges.some(({ state }) => state.asked?.question === id)).toBe(true);
  });

  test.each(COMMANDS)('command %s', (command) => {
    expect(exchanges.some(({ turn }) => matchCommand(turn.text)?.command === command)).toBe(true);
  });

  const types: Record<DialogEvent['type'], true> = {
    said: true,
    'language-changed': true,
    'consent-recorded': true,
    'experience-started': true,
    'answer-recorded': true,
    'experience-coded': true,
    'experience-ended': true,
    'opted-out': true,
    'opted-in': true,
    'person-requested': true,
    'erasure-requested': true,
  };
  test.each(Object.keys(types))('event %s', (type) => {
    expect(exchanges.some(({ events }) => events.some((event) => event.type === type))).toBe(true);
  });
});
