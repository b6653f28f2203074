import type { ServiceEntry } from '../../../../models/vocabulary.ts';

/** The columns of a services file, in the order they are documented. */
export const COLUMNS = ['id', 'name', 'kind', 'aliases', 'address', 'postcode', 'locality', 'commissioner'] as const;
export type Column = (typeof COLUMNS)[number];

/** The kinds of service (models/vocabulary.ts, ServiceEntry). */
export const KINDS = [
  'gp',
  'dentist',
  'pharmacy',
  'hospital',
  'urgent-care',
  'maternity',
  'mental-health',
  'community-nursing',
  'social-care',
  'optician',
  'other',
] as const;

const MAX_TEXT = 300;
const MAX_ALIASES = 50;

/** A full postcode or its district, in the form of BS 7666 without checking that it is in use. */
const POSTCODE = /^([A-Z]{1,2}\d[A-Z\d]?)(?: ?(\d[A-Z]{2}))?$/;

/** Reads the cells of one row. `entry` is null exactly when there are problems. */
export function readService(row: Partial<Record<Column, string>>): { entry: ServiceEntry | null; problems: string[] } {
  const cell = (name: Column): string => tidy(row[name] ?? '');
  const postcode = POSTCODE.exec(cell('postcode').toUpperCase().replace(/\s+/g, ' '));
  const aliases = [...new Set((row.aliases ?? '').split(';').map(tidy).filter(Boolean))];
  const problems = [
    ...idProblems(cell('id')),
    ...(cell('name') === '' ? ['name is empty'] : []),
    ...kindProblems(cell('kind').toLowerCase()),
    ...(cell('postcode') !== '' && !postcode ? ['postcode is not a British postcode, such as E1 1BB or E14'] : []),
    ...(aliases.length > MAX_ALIASES ? [`has more than ${MAX_ALIASES} aliases`] : []),
    ...COLUMNS.filter((name) => name !== 'aliases').flatMap((name) => textProblems(name, cell(name))),
    ...aliases.flatMap((alias) => textProblems('aliases', alias)),
  ];
  if (problems.length > 0) return { entry: null, problems };
  const entry: ServiceEntry = { _id: cell('id'), name: cell('name'), kind: cell('kind').toLowerCase(), aliases };
  if (postcode) entry.postcode = [postcode[1], postcode[2]].filter(Boolean).join(' ');
  for (const name of ['address', 'locality', 'commissioner'] as const) {
    if (cell(name) !== '') entry[name] = cell(name);
  }
  return { entry, problems };
}

function idProblems(id: string): string[] {
  if (id === '') return ['id is empty'];
  return /^[A-Za-z0-9][\w.:-]{0,63}$/.test(id)
    ? []
    : ['id may hold up to 64 letters, digits and . : _ - and must begin with a letter or digit'];
}

function kindProblems(kind: string): string[] {
  return (KINDS as readonly string[]).includes(kind) ? [] : [`kind must be one of ${KINDS.join(', ')}`];
}

function textProblems(name: Column, text: string): string[] {
  if (text.length > MAX_TEXT) return [`${name} is longer than ${MAX_TEXT} characters`];
  // U+FFFD: somebody saved the file once in a way that lost characters.
  return /[\p{Cc}\uFFFD]/u.test(text) ? [`${name} holds characters that cannot be read; save the file as UTF-8`] : [];
}

/** Cells may be wrapped over lines and padded; the directory holds plain single-line texts in one Unicode form. */
function tidy(text: string): string {
  return text.normalize('NFC').replace(/\s+/g, ' ').trim();
}
