import type { ExportedAnswer, ExportedItem } from './deidentify.ts';

type Cell = [name: string, value: (item: ExportedItem) => string | number | boolean | null];

/** Columns every export has, in order. Lists within a cell are separated by `; `. */
const FIXED: readonly Cell[] = [
  ['id', (item) => item.id],
  ['received', (item) => item.received],
  ['status', (item) => item.status],
  ['source', (item) => item.source],
  ['origin', (item) => item.origin],
  ['language', (item) => item.language],
  ['script', (item) => item.script],
  ['pathway', (item) => item.pathway],
  ['service_id', (item) => item.service?.id ?? null],
  ['service_name', (item) => item.service?.name ?? null],
  ['service_kind', (item) => item.service?.kind ?? null],
  ['service_locality', (item) => item.service?.locality ?? null],
  ['service_commissioner', (item) => item.service?.commissioner ?? null],
  ['stages', (item) => item.stages.join('; ')],
  ['rating', (item) => item.rating],
  ['story', (item) => item.story],
  ['withheld', (item) => item.withheld],
  ['follow_up', (item) => item.followUp],
  [
    'codings',
    (item) =>
      item.codings
        .filter(({ judged }) => judged !== 'rejected')
        .map(coding)
        .join('; '),
  ],
];

/** Names of the columns: the fixed ones, then `answer_<question>` for each question. */
export function csvColumns(questions: readonly string[]): string[] {
  return [...FIXED.map(([name]) => name), ...asColumns(questions).map((question) => `answer_${question}`)];
}

/** One row, cell by cell, in the order of `csvColumns`. */
export function csvRow(item: ExportedItem, questions: readonly string[]): string[] {
  const fixed = FIXED.map(([, value]) => value(item)?.toString() ?? '');
  return [...fixed, ...asColumns(questions).map((question) => answer(item.answers[question]))];
}

/** The story has a column of its own. */
function asColumns(questions: readonly string[]): string[] {
  return questions.filter((question) => question !== 'story');
}

/** Not asked is an empty cell; skipped and not said are words in brackets, so that they cannot be mistaken for answers. */
function answer(given: ExportedAnswer | undefined): string {
  if (!given) return '';
  if ('values' in given) return given.values.join('; ');
  if ('text' in given) return given.text ?? '[withheld]';
  return `[${given.kind}]`;
}

function coding({ scheme, code, sentiment, origin }: ExportedItem['codings'][number]): string {
  return `${scheme}:${code}:${sentiment}:${origin}`;
}
