import { readArguments, readDay } from './arguments.ts';
import { BY, UsageError, type AdminCommand, type AdminContext, type AdminJob, type ExitCode } from './command.ts';
import { exportFeedback } from './feedback/export-feedback.ts';
import { total } from './backup.ts';
import { writeFolder } from './snapshot/folder.ts';
import { readDatabase } from './snapshot/read-database.ts';

const OPTIONS = {
  format: { type: 'string', default: 'csv' },
  from: { type: 'string' },
  to: { type: 'string' },
  out: { type: 'string' },
} as const;

/** `export feedback`: what reports are made of, without who. `export all`: everything, to move to another database. */
export const exportCommand: AdminCommand = {
  name: 'export',
  summary: 'write feedback for analysis, or everything for moving to another database',
  usage: `
Usage: npm run admin -- export feedback [--format csv|jsonl] [--from DAY] [--to DAY] [--out FILE]
       npm run admin -- export all --out FOLDER

feedback: one row per told experience whose teller agreed that we keep it, without person, conversation, contact or media.
  Stories are as told and may name people. Free text of experiences in which somebody may be at risk is withheld.
  --from, --to  first and last day of receipt, as 2026-03-31, London time
  --out FILE    otherwise standard output (call \`npm run --silent admin\` then)

all: every collection as MongoDB Extended JSON, one document a line, with counts and checksums in manifest.json; for
  \`import all\`. Stop the service first. It holds what residents told us: keep it encrypted, delete it when done.
`,
  plan(args) {
    const { values, positionals } = readArguments(args, OPTIONS, ['feedback or all']);
    if (positionals[0] === 'feedback') return planFeedback(values);
    if (positionals[0] !== 'all') throw new UsageError('What is to be exported must be feedback or all.');
    const { out } = values;
    if (out === undefined) throw new UsageError('--out FOLDER must be given.');
    return (context) => exportAll(context, out);
  },
};

function planFeedback(values: { format: string; from?: string; to?: string; out?: string }): AdminJob {
  const { format, out } = values;
  if (format !== 'csv' && format !== 'jsonl') throw new UsageError('--format must be csv or jsonl.');
  const from = values.from === undefined ? undefined : readDay(values.from, '--from');
  const before = values.to === undefined ? undefined : readDay(values.to, '--to', true);
  if (from && before && from >= before) throw new UsageError('--from must not be later than --to.');
  return (context) =>
    exportFeedback(context, {
      format,
      ...(from && { from }),
      ...(before && { before }),
      ...(out !== undefined && { out }),
    });
}

async function exportAll(context: AdminContext, folder: string): Promise<ExitCode> {
  const manifest = await writeFolder(await readDatabase(context), folder);
  await context.database.audit.append({ at: context.now(), by: BY, action: 'exported-all', detail: total(manifest) });
  context.out.write(`${total(manifest)}\n`);
  return 0;
}
