import { stringify } from 'csv-stringify';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Feedback } from '../../../../models/feedback.ts';
import { BY, type AdminContext, type ExitCode } from '../command.ts';
import { Progress } from '../progress.ts';
import { writeWhole } from '../snapshot/safe-file.ts';
import { deidentify, type ExportedItem } from './deidentify.ts';
import { csvColumns, csvRow } from './feedback-columns.ts';
import { riskTimes, withholdsText } from './withheld.ts';

export interface FeedbackExport {
  format: 'csv' | 'jsonl';
  from?: Date;
  before?: Date;
  out?: string;
}

/** Writes de-identified feedback, oldest first, one item in memory at a time. */
export async function exportFeedback(context: AdminContext, wanted: FeedbackExport): Promise<ExitCode> {
  const filter = filterOf(wanted);
  const count = { written: 0 };
  const items = itemsOf(context, filter, count);
  const text = wanted.format === 'csv' ? asCsv(items, await questionsAsked(context, filter)) : asJsonLines(items);
  const { out } = wanted;
  if (out === undefined || out === '-') await pipeline(Readable.from(text), context.out, { end: false });
  else await writeWhole(out, (file) => pipeline(Readable.from(text), file));
  const left = await context.database.feedback.model.countDocuments({ ...filter, 'consents.store': { $ne: true } });
  const detail = `${count.written} items as ${wanted.format}`;
  await context.database.audit.append({ at: context.now(), by: BY, action: 'feedback-exported', detail });
  context.err.write(`${detail}; ${left} without consent to store left out\n`);
  return 0;
}

function filterOf({ from, before }: FeedbackExport): Record<string, unknown> {
  if (!from && !before) return {};
  return { receivedAt: { ...(from && { $gte: from }), ...(before && { $lt: before }) } };
}

async function* itemsOf(
  { database, err }: AdminContext,
  filter: Record<string, unknown>,
  count: { written: number },
): AsyncGenerator<ExportedItem> {
  const risks = await riskTimes(database);
  const progress = new Progress(err, 'items written');
  const cursor = database.feedback.model
    .find({ ...filter, 'consents.store': true })
    .sort({ receivedAt: 1 })
    .lean<Feedback[]>()
    .cursor();
  for await (const item of cursor) {
    count.written++;
    progress.add();
    yield deidentify(item, withholdsText(item, risks));
  }
  progress.end();
}

/** Every question that any item answers: each becomes a column. */
async function questionsAsked({ database }: AdminContext, filter: Record<string, unknown>): Promise<string[]> {
  const questions = new Set<string>();
  const cursor = database.feedback.model
    .find({ ...filter, 'consents.store': true }, { answers: 1 })
    .lean<Pick<Feedback, 'answers'>[]>()
    .cursor();
  for await (const document of cursor) {
    for (const question of Object.keys((document as Partial<Feedback>).answers ?? {})) questions.add(question);
  }
  return [...questions].toSorted();
}

/** RFC 4180 with a byte order mark, which Excel needs to read UTF-8; cells that would be formulas begin with an apostrophe. */
async function* asCsv(items: AsyncIterable<ExportedItem>, questions: readonly string[]): AsyncGenerator<Buffer> {
  const text = stringify({
    header: true,
    columns: csvColumns(questions),
    bom: true,
    escape_formulas: true,
    record_delimiter: 'windows',
  });
  const rows = Readable.from(rowsOf(items, questions));
  rows.on('error', (error) => text.destroy(error));
  for await (const chunk of rows.pipe(text)) yield chunk as Buffer;
}

async function* rowsOf(items: AsyncIterable<ExportedItem>, questions: readonly string[]): AsyncGenerator<string[]> {
  for await (const item of items) yield csvRow(item, questions);
}

async function* asJsonLines(items: AsyncIterable<ExportedItem>): AsyncGenerator<string> {
  for await (const item of items) yield `${JSON.stringify(item)}\n`;
}
