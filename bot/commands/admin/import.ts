import { total } from './backup.ts';
import { readArguments } from './arguments.ts';
import { AdminProblem, BY, UsageError, type AdminCommand, type AdminContext, type ExitCode } from './command.ts';
import { readFolder, readFolderManifest } from './snapshot/folder.ts';
import { loadLines, type Loaded } from './snapshot/load.ts';
import { checkSeal, differences, Tally, type Manifest } from './snapshot/manifest.ts';
import { filledCollections, rawOf } from './snapshot/raw.ts';
import { markRestored, markRestoring } from './snapshot/restoring.ts';

/** `import all FOLDER`: the other half of moving to another database. */
export const importCommand: AdminCommand = {
  name: 'import',
  summary: 'read what `export all` wrote into an empty database',
  usage: `
Usage: npm run admin -- import all FOLDER [--merge]

Reads a folder written by \`export all\` into the database that MONGODB_URI names, with the SECRET_KEYS of the old one.
Checksums are verified before anything is stored. The database must be empty, unless:

  --merge  add to what is there; documents already there under the same id stay as they are
`,
  plan(args) {
    const { values, positionals } = readArguments(args, { merge: { type: 'boolean' } } as const, ['all', 'FOLDER']);
    const [what, folder = ''] = positionals;
    if (what !== 'all') throw new UsageError('What is to be imported must be all.');
    return (context) => run(context, folder, values.merge === true);
  },
};

async function run(context: AdminContext, folder: string, merge: boolean): Promise<ExitCode> {
  const manifest = await verifyFolder(context, folder);
  const filled = await filledCollections(rawOf(context.database));
  if (filled.length > 0 && !merge)
    throw new AdminProblem(`The database is not empty (${filled.join(', ')}). Name an empty one, or add --merge.`);
  await markRestoring(context);
  const loaded = await loadLines(context, manifest, readFolder(folder, manifest));
  await markRestored(context);
  await context.database.audit.append({ at: context.now(), by: BY, action: 'imported-all', detail: total(manifest) });
  return tell(context, loaded, await countShort(context, manifest));
}

function tell({ out, err }: AdminContext, loaded: Loaded, short: readonly string[]): ExitCode {
  out.write(`added ${loaded.added}, already there ${loaded.present}\n`);
  for (const conflict of loaded.conflicts) err.write(`not imported, something in it is taken: ${conflict}\n`);
  for (const line of short) err.write(`${line}\n`);
  return loaded.conflicts.length + short.length > 0 ? 1 : 0;
}

/** Reads every file and compares it with the manifest. Throws AdminProblem with what is wrong. */
async function verifyFolder({ keyring }: AdminContext, folder: string): Promise<Manifest> {
  const manifest = await readFolderManifest(folder);
  const tally = new Tally();
  try {
    for await (const line of readFolder(folder, manifest)) tally.add(line);
  } catch (error) {
    throw new AdminProblem(`A file of the export cannot be read (${(error as NodeJS.ErrnoException).code ?? '?'}).`);
  }
  const broken = differences(manifest, tally.result());
  if (broken.length > 0)
    throw new AdminProblem(`The export was altered or damaged: ${broken.join('; ')}. Export again.`);
  const lacking = manifest.keys.filter((id) => !keyring.ids.includes(id));
  if (lacking.length > 0)
    throw new AdminProblem(
      `Addresses in it are sealed under keys that are not in SECRET_KEYS: ${lacking.join(', ')}. Take over the old SECRET_KEYS (or DATA_DIR/secret-keys) first.`,
    );
  if (checkSeal(manifest, keyring) === 'broken')
    throw new AdminProblem('The export was altered: its seal does not fit.');
  return manifest;
}

/** Collections in which fewer documents stand than the manifest promises. */
async function countShort({ database }: AdminContext, manifest: Manifest): Promise<string[]> {
  const short: string[] = [];
  for (const { name, count } of manifest.collections) {
    const stored = await rawOf(database).collection(name).countDocuments();
    if (stored < count && name !== 'settings') short.push(`${name} holds ${stored} documents, ${count} were exported`);
  }
  return short;
}
