import { readFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import type { ServiceEntry } from '../../../models/vocabulary.ts';
import { readArguments } from './arguments.ts';
import { AdminProblem, BY, type AdminCommand, type AdminContext, type ExitCode } from './command.ts';
import { decodeText } from './services/decode-text.ts';
import { readServicesCsv, type ServicesFile } from './services/services-csv.ts';

const BATCH = 500;

/** How many bad rows are listed before the rest is only counted. */
const LISTED = 200;

interface Plan {
  added: ServiceEntry[];
  changed: ServiceEntry[];
  unchanged: number;
}

/** `import-services FILE.csv`: adds to and corrects the directory of services. */
export const importServices: AdminCommand = {
  name: 'import-services',
  summary: 'add to and correct the directory of services from a CSV file',
  usage: `
Usage: npm run admin -- import-services FILE.csv [--dry-run] [--skip-bad]

Columns: id, name, kind, aliases (separated by semicolons), address, postcode, locality, commissioner.
Entries are matched by id: new ones are added, others replaced, none removed. Nothing is imported unless every row is good.

  --dry-run   say what would happen, change nothing
  --skip-bad  import the good rows although there are bad ones
`,
  plan(args) {
    const options = { 'dry-run': { type: 'boolean' }, 'skip-bad': { type: 'boolean' } } as const;
    const { values, positionals } = readArguments(args, options, ['FILE.csv']);
    const [file = ''] = positionals;
    return (context) => run(context, file, values['dry-run'] === true, values['skip-bad'] === true);
  },
};

async function run(context: AdminContext, file: string, dryRun: boolean, skipBad: boolean): Promise<ExitCode> {
  const read = readServicesCsv(decode(await readOrExplain(file)));
  tellProblems(context, read);
  if (read.bad.length > 0 && !skipBad) {
    context.err.write('Nothing was imported. Correct these rows, or import the others with --skip-bad.\n');
    return 1;
  }
  const plan = compare(await context.database.services.all(), read.entries);
  if (!dryRun) await write(context, plan);
  const { added, changed, unchanged } = plan;
  const counts = `added ${added.length}, changed ${changed.length}, unchanged ${unchanged}`;
  context.out.write(`${dryRun ? 'would have ' : ''}${counts}\n`);
  return read.bad.length > 0 ? 1 : 0;
}

async function readOrExplain(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new AdminProblem(`${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'}).`);
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return decodeText(bytes).text;
  } catch {
    throw new AdminProblem('The file begins like one encoding and goes on in another. Save it as "CSV UTF-8".');
  }
}

function tellProblems({ err }: AdminContext, { bad, ignored }: ServicesFile): void {
  if (ignored.length > 0) err.write(`Ignored columns: ${ignored.join(', ')}\n`);
  for (const { line, problem } of bad.slice(0, LISTED)) err.write(`line ${line}: ${problem}\n`);
  if (bad.length > LISTED) err.write(`and ${bad.length - LISTED} more problems\n`);
}

/** What importing these entries would do to the directory as it is. */
function compare(stored: readonly ServiceEntry[], entries: readonly ServiceEntry[]): Plan {
  const known = new Map(stored.map((entry) => [entry._id, entry]));
  const added = entries.filter((entry) => !known.has(entry._id));
  const changed = entries.filter((entry) => known.has(entry._id) && !isDeepStrictEqual(known.get(entry._id), entry));
  return { added, changed, unchanged: entries.length - added.length - changed.length };
}

async function write({ database, now }: AdminContext, { added, changed, unchanged }: Plan): Promise<void> {
  const entries = [...added, ...changed];
  for (let i = 0; i < entries.length; i += BATCH) await database.services.upsert(entries.slice(i, i + BATCH));
  if (entries.length === 0) return;
  const detail = `added ${added.length}, changed ${changed.length}, unchanged ${unchanged}`;
  await database.audit.append({ at: now(), by: BY, action: 'services-imported', detail });
}
