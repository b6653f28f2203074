import { readArguments } from './arguments.ts';
import { backupFile, total } from './backup.ts';
import { AdminProblem, BY, UsageError, type AdminCommand, type AdminContext, type ExitCode } from './command.ts';
import { readArchive, writeArchive } from './snapshot/archive.ts';
import { loadLines } from './snapshot/load.ts';
import { checkSeal, differences, Tally, type Manifest } from './snapshot/manifest.ts';
import { filledCollections, rawOf } from './snapshot/raw.ts';
import { readDatabase } from './snapshot/read-database.ts';
import { markRestored, markRestoring, RESTORING } from './snapshot/restoring.ts';
import { writeWhole } from './snapshot/safe-file.ts';
import { settleRestored } from './snapshot/settle-restored.ts';

/** What is only ever added to: what it says since the backup must not be forgotten. */
const KEPT: readonly string[] = ['audit', 'optouts'];

interface RestoreOptions {
  file: string;
  replace: boolean;
  otherKeys: boolean;
  resumeSending: boolean;
}

/** `restore FILE`: puts a backup back. */
export const restore: AdminCommand = {
  name: 'restore',
  summary: 'put a backup back into an empty database, or in place of what is there',
  usage: `
Usage: npm run admin -- restore FILE --yes [--replace] [--resume-sending] [--other-keys]

Stop the service first. The file is verified whole before anything is touched. Afterwards run \`verify\`.

  --yes             really do it; without it the file is only verified
  --replace         put it in place of what is stored now, after a backup of that. Erasures, opt-outs and the audit trail
                    since the backup stay in force
  --resume-sending  send what was queued when the backup was made; otherwise it is held for staff to decide, because it
                    has most likely left since
  --other-keys      accept a backup made under secret keys that are not in SECRET_KEYS: its addresses cannot be opened
`,
  plan(args) {
    const flag = { type: 'boolean' } as const;
    const options = { yes: flag, replace: flag, 'resume-sending': flag, 'other-keys': flag } as const;
    const { values, positionals } = readArguments(args, options, ['FILE']);
    const [file = ''] = positionals;
    if (file === '-') throw new UsageError('A backup is read twice, so it must be a file.');
    const chosen = {
      file,
      replace: values.replace === true,
      otherKeys: values['other-keys'] === true,
      resumeSending: values['resume-sending'] === true,
    };
    return (context) => run(context, chosen, values.yes === true);
  },
};

async function run(context: AdminContext, options: RestoreOptions, yes: boolean): Promise<ExitCode> {
  const manifest = await verifyArchive(context, options);
  context.err.write(`The backup of ${manifest.finishedAt} is whole: ${total(manifest)}.\n`);
  const filled = await filledCollections(rawOf(context.database));
  if (filled.length > 0 && !options.replace)
    throw new AdminProblem(`The database is not empty (${filled.join(', ')}). Name an empty one, or add --replace.`);
  if (!yes) {
    context.err.write('Nothing was changed. Add --yes to restore it.\n');
    return 1;
  }
  if (filled.length > 0) await saveFirst(context);
  // From here to the end a crash leaves half a database: `verify` says so as long as this stands.
  await markRestoring(context);
  await makeRoom(context, filled);
  const loaded = await loadLines(
    context,
    manifest,
    readArchive(options.file, () => undefined),
  );
  const broken = differences(manifest, loaded.tally);
  if (broken.length > 0)
    throw new AdminProblem(`The file changed while it was read: ${broken.join('; ')}. Restore again.`);
  const settled = await settleRestored(context, options.resumeSending);
  await context.database.audit.append({
    at: context.now(),
    by: BY,
    action: 'restored',
    detail: `of ${manifest.finishedAt}`,
  });
  await markRestored(context);
  context.out.write(`restored ${loaded.added} documents\n`);
  if (settled.erasedAgain > 0)
    context.err.write(`${settled.erasedAgain} people erased since the backup: erased again.\n`);
  if (settled.optOutsCorrected > 0)
    context.err.write(`${settled.optOutsCorrected} opt-outs or opt-ins since the backup: kept.\n`);
  if (settled.held > 0) context.err.write(`${settled.held} messages that were queued are held for staff to decide.\n`);
  return loaded.conflicts.length > 0 ? conflictsTold(context, loaded.conflicts) : 0;
}

function conflictsTold({ err }: AdminContext, conflicts: readonly string[]): ExitCode {
  for (const conflict of conflicts) err.write(`not restored, something in it is taken: ${conflict}\n`);
  return 1;
}

/** Reads the whole file and compares it with what its manifest promises. Throws AdminProblem with what is wrong. */
async function verifyArchive({ keyring }: AdminContext, { file, otherKeys }: RestoreOptions): Promise<Manifest> {
  const tally = new Tally();
  const manifests: Manifest[] = [];
  for await (const line of readArchive(file, (manifest) => manifests.push(manifest))) tally.add(line);
  const [read] = manifests;
  if (!read) throw new AdminProblem('The backup ends too early: it was cut off. Use another one.');
  const broken = differences(read, tally.result());
  if (broken.length > 0)
    throw new AdminProblem(`The backup was altered or damaged: ${broken.join('; ')}. Use another one.`);
  const seal = checkSeal(read, keyring);
  if (seal === 'broken') throw new AdminProblem('The backup was altered after it was made: its seal does not fit.');
  const lacking = read.keys.filter((id) => !keyring.ids.includes(id));
  if ((seal === 'unknown' || lacking.length > 0) && !otherKeys)
    throw new AdminProblem(
      `The backup was made under secret keys that are not in SECRET_KEYS (${lacking.join(', ') || 'the key of its seal'}). Add them, or accept that its addresses cannot be opened with --other-keys.`,
    );
  return read;
}

/** Takes a backup of what is there. */
async function saveFirst(context: AdminContext): Promise<void> {
  const file = backupFile(context, 'before-restore');
  const reading = await readDatabase(context);
  await writeWhole(file, (stream) => writeArchive(reading, stream));
  context.err.write(`What was stored until now is in ${file}\n`);
}

/** Takes away all but what must not be forgotten, and the mark that this is under way. */
async function makeRoom({ database }: AdminContext, filled: readonly string[]): Promise<void> {
  const raw = rawOf(database);
  for (const name of filled) {
    if (!KEPT.includes(name)) await raw.collection(name).deleteMany({ _id: { $ne: RESTORING as never } });
  }
}
