import { CsvError, parse } from 'csv-parse/sync';
import type { ServiceEntry } from '../../../../models/vocabulary.ts';
import { AdminProblem } from '../command.ts';
import { readService, type Column, COLUMNS } from './service-row.ts';

/** What is wrong with one row, with the line it begins on. */
export interface BadRow {
  line: number;
  problem: string;
}

export interface ServicesFile {
  entries: ServiceEntry[];
  bad: BadRow[];
  /** Columns that mean nothing to us. */
  ignored: string[];
}

interface Row {
  cells: string[];
  line: number;
}

/**
 * Reads a services directory as CSV (RFC 4180; delimiter comma, semicolon or tab, whichever the header uses).
 * Bad rows are listed, all of them. Throws AdminProblem when the file as a whole cannot be read.
 */
export function readServicesCsv(text: string): ServicesFile {
  const [header, ...rows] = readRows(text);
  const names = header?.cells.map((cell) => cell.trim().toLowerCase()) ?? [];
  const missing = ['id', 'name', 'kind'].filter((name) => !names.includes(name));
  if (missing.length > 0)
    throw new AdminProblem(
      `The first line must name the columns; ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not there. Known columns: ${COLUMNS.join(', ')}.`,
    );
  const twice = names.find((name, i) => name !== '' && names.indexOf(name) !== i);
  if (twice !== undefined) throw new AdminProblem(`The first line names the column "${twice}" twice.`);
  const ignored = names.filter((name) => name !== '' && !(COLUMNS as readonly string[]).includes(name));
  return { ...readEntries(names, rows), ignored };
}

function readEntries(names: readonly string[], rows: readonly Row[]): Pick<ServicesFile, 'entries' | 'bad'> {
  const entries: ServiceEntry[] = [];
  const bad: BadRow[] = [];
  const lineOf = new Map<string, number>();
  for (const { cells, line } of rows) {
    if (cells.every((cell) => cell.trim() === '')) continue;
    const { entry, problems } = readOne(names, cells);
    const before = entry ? lineOf.get(entry._id) : undefined;
    if (before !== undefined) problems.push(`id is used on line ${before} already`);
    if (entry && problems.length === 0) {
      lineOf.set(entry._id, line);
      entries.push(entry);
    }
    bad.push(...problems.map((problem) => ({ line, problem })));
  }
  return { entries, bad };
}

function readOne(names: readonly string[], cells: readonly string[]): ReturnType<typeof readService> {
  const surplus = cells.slice(names.length).some((cell) => cell.trim() !== '');
  if (surplus)
    return {
      entry: null,
      problems: [
        `has ${cells.length} cells for ${names.length} columns: put cells that contain the delimiter in quotes`,
      ],
    };
  const row: Partial<Record<Column, string>> = {};
  for (const [i, name] of names.entries()) {
    if ((COLUMNS as readonly string[]).includes(name)) row[name as Column] = cells[i] ?? '';
  }
  return readService(row);
}

function readRows(text: string): Row[] {
  const options = { info: true, raw: true, relax_column_count: true, relax_quotes: true, delimiter: delimiterOf(text) };
  try {
    const records = parse(text, options) as unknown as { record: string[]; info: { lines: number }; raw: string }[];
    return records.map(({ record, info, raw }) => ({ cells: record, line: firstLine(info.lines, raw) }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new AdminProblem(`The file is not CSV as RFC 4180 has it: ${error.message}.`);
  }
}

/** csv-parse counts up to the end of a record; cells may hold line breaks. */
function firstLine(lastLine: number, raw: string): number {
  return lastLine - (raw.split('\n').length - 1) + (raw.endsWith('\n') ? 1 : 0);
}

/** Whichever of the three cuts the header into the most cells; names of columns hold none of them. */
function delimiterOf(text: string): string {
  const [header = ''] = text.split('\n', 1);
  const count = (delimiter: string): number => header.split(delimiter).length;
  return [',', ';', '\t'].toSorted((a, b) => count(b) - count(a))[0] ?? ',';
}
