import { describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { Templates } from '../../bot/templates.ts';
import type { Settings } from '../../models/settings.ts';

const STAFF = { id: 'HX1', variables: {} };
const BENGALI = { id: 'HX2', variables: { 1: 'শুনি' } };
const CHANGED = { id: 'HX3', variables: {} };
const TABLE = { staff: { eng: STAFF, ben: BENGALI }, 'follow-up.changed': { eng: CHANGED } };

async function templatesOf(...values: unknown[]): Promise<{ templates: Templates; errors: string[] }> {
  const errors: string[] = [];
  const settings = { get: () => Promise.resolve(values.shift()) } as unknown as Settings;
  const templates = new Templates(
    settings,
    pino({ level: 'error' }, { write: (line: string) => void errors.push(line) }),
  );
  for (const count = values.length; values.length > 0 && count > 0;) await templates.refresh();
  return { templates, errors };
}

describe('templates for outside the window', () => {
  test.each<[string, Parameters<Templates['find']>, unknown]>([
    ['by purpose', ['staff', 'eng', undefined], STAFF],
    ['by purpose, in their language', ['staff', 'ben', 'some.key'], BENGALI],
    ['English where no language is known', ['staff', undefined, undefined], STAFF],
    ['none in a language there is none for: not another one', ['staff', 'ara', undefined], undefined],
    ['by what is said, before the purpose', ['staff', 'eng', 'follow-up.changed'], CHANGED],
    ['by what is said there is none in their language: none', ['staff', 'ben', 'follow-up.changed'], undefined],
    ['none for the purpose', ['reply', 'eng', undefined], undefined],
  ])('%s', async (_label, asked, found) => {
    const { templates } = await templatesOf(TABLE);
    expect(templates.find(...asked)).toEqual(found);
  });

  test.each([
    ['a text', 'HX1'],
    ['a list', [1]],
    ['a purpose without languages', { staff: 'HX1' }],
    ['a template without an id', { staff: { eng: { sid: 'HX1' } } }],
    ['a template that is nothing', { staff: { eng: null } }],
    ['nothing', null],
  ])('a malformed setting is said, and what was read before stays: %s', async (_label, value) => {
    const { templates, errors } = await templatesOf(TABLE, value);
    expect(templates.find('staff', 'eng', undefined)).toEqual(STAFF);
    expect(errors).toHaveLength(1);
  });

  test('a setting that was taken out leaves none', async () => {
    const { templates, errors } = await templatesOf(TABLE, undefined);
    expect(templates.find('staff', 'eng', undefined)).toBeUndefined();
    expect(errors).toEqual([]);
  });
});
