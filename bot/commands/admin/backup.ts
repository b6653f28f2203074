import { join } from 'node:path';
import { readArguments } from './arguments.ts';
import { BY, type AdminCommand, type AdminContext, type ExitCode } from './command.ts';
import { writeArchive } from './snapshot/archive.ts';
import type { Manifest } from './snapshot/manifest.ts';
import { readDatabase } from './snapshot/read-database.ts';
import { writeWhole } from './snapshot/safe-file.ts';

/** `backup`: one compressed file of everything stored. */
export const backup: AdminCommand = {
  name: 'backup',
  summary: 'write everything stored into one compressed file, while the service runs',
  usage: `
Usage: npm run admin -- backup [--out FILE]

Writes one gzip-compressed file (default: DATA_DIR/backups/shuni-<time>.jsonl.gz), readable by its owner only.
It holds what residents told us, readable without a key: store it encrypted. It does not hold SECRET_KEYS, without which
addresses cannot be opened: keep those apart. \`--out -\` writes to standard output, for piping into an encryption tool
(call \`npm run --silent admin\` then).
`,
  plan(args) {
    const { values } = readArguments(args, { out: { type: 'string' } } as const);
    return (context) => run(context, values.out);
  },
};

async function run(context: AdminContext, out: string | undefined): Promise<ExitCode> {
  const reading = await readDatabase(context);
  const manifest =
    out === '-'
      ? await writeArchive(reading, context.out, { end: false })
      : await writeBackup(context, out ?? backupFile(context, 'shuni'), reading);
  await context.database.audit.append({ at: context.now(), by: BY, action: 'backup-made', detail: total(manifest) });
  context.err.write(`${total(manifest)}; secret keys needed with it: ${manifest.keys.join(', ') || 'none'}\n`);
  return 0;
}

async function writeBackup(
  context: AdminContext,
  file: string,
  reading: Awaited<ReturnType<typeof readDatabase>>,
): Promise<Manifest> {
  const manifest = await writeWhole(file, (stream) => writeArchive(reading, stream));
  context.out.write(`${file}\n`);
  return manifest;
}

/** Where backups go when nobody says otherwise: beside the data, where no version control looks. */
export function backupFile({ config, now }: AdminContext, name: string): string {
  const time = now()
    .toISOString()
    .replace(/[-:]|\.\d+/g, '');
  return join(config.dataDir, 'backups', `${name}-${time}.jsonl.gz`);
}

/** One line that says how much a snapshot holds. */
export function total(manifest: Manifest): string {
  const documents = manifest.collections.reduce((sum, { count }) => sum + count, 0);
  return `${documents} documents in ${manifest.collections.length} collections`;
}
