import { isDuplicateKey } from '../../../models/duplicate-key.ts';
import type { OptOut } from '../../../models/optouts.ts';
import type { Person, PersonAddress } from '../../../models/people.ts';
import { readArguments } from './arguments.ts';
import { BY, type AdminCommand, type AdminContext, type ExitCode } from './command.ts';
import { Progress } from './progress.ts';

/** The service goes on writing meanwhile: what a pass finds changed under it, the next one does. */
const PASSES = 3;

/** `rotate-keys`: everything that is protected by a key comes under the newest one. */
export const rotateKeys: AdminCommand = {
  name: 'rotate-keys',
  summary: 'bring every address under the newest key of SECRET_KEYS',
  usage: `
Usage: npm run admin -- rotate-keys

Put the new key first in SECRET_KEYS and keep the old ones, restart every process of the service, then run this. It may run
while the service does, be stopped at any time and be run again. At the end it says which old keys can be taken out.
`,
  plan(args) {
    readArguments(args, {});
    return run;
  },
};

interface Outcome {
  rekeyed: number;
  missed: number;
  failed: Map<string, string>;
}

async function run(context: AdminContext): Promise<ExitCode> {
  const { database, keyring, now, err, out } = context;
  let total = 0;
  let outcome: Outcome = { rekeyed: 0, missed: 0, failed: new Map() };
  for (let pass = 0; pass < PASSES; pass++) {
    outcome = await passOver(context);
    total += outcome.rekeyed;
    if (outcome.missed === 0 && outcome.rekeyed === 0) break;
  }
  if (total > 0)
    await database.audit.append({
      at: now(),
      by: BY,
      action: 'keys-rotated',
      detail: `${total} addresses now under ${keyring.newestId}`,
    });
  out.write(`${total} addresses brought under key ${keyring.newestId}\n`);
  for (const [personId, reason] of outcome.failed) err.write(`person ${personId}: ${reason}\n`);
  return (await reportKeys(context, outcome)) && outcome.failed.size === 0 && outcome.missed === 0 ? 0 : 1;
}

async function passOver({ database, keyring, err }: AdminContext): Promise<Outcome> {
  const outcome: Outcome = { rekeyed: 0, missed: 0, failed: new Map() };
  const old = new Map<string, OptOut[]>();
  for await (const line of database.optOuts.underOtherKeys(keyring.newestId))
    old.set(line.addressHash, [...(old.get(line.addressHash) ?? []), line]);
  const progress = new Progress(err, 'people looked at');
  for await (const person of database.people.all()) {
    for (const address of person.addresses) await bringUnder(database, keyring.newestId, person, address, old, outcome);
    progress.add();
  }
  progress.end();
  return outcome;
}

/**
 * One address. The ledger is copied before and cleared after: whenever this is cut off, an opt-out is found by whichever hash
 * the address then has.
 */
async function bringUnder(
  database: AdminContext['database'],
  newestId: string,
  person: Person,
  address: PersonAddress,
  old: ReadonlyMap<string, OptOut[]>,
  outcome: Outcome,
): Promise<void> {
  try {
    const [newest, ...older] = database.people.hashesOf(person, address);
    const lines = [...older, address.hash].filter((hash, i, all) => hash !== newest && all.indexOf(hash) === i);
    const moving = lines.flatMap((hash) => old.get(hash) ?? []);
    await database.optOuts.copyUnder(moving, newest);
    if (address.hash !== newest || address.sealed.keyId !== newestId) {
      if (await database.people.rekeyAddress(person, address)) outcome.rekeyed++;
      else outcome.missed++;
    }
    if (moving.length > 0) await database.optOuts.removeCopied(moving);
  } catch (error) {
    outcome.failed.set(person._id, reasonOf(error));
  }
}

function reasonOf(error: unknown): string {
  if (isDuplicateKey(error))
    return 'another person has the same address under the newest key already; erase or merge one of them';
  // What fails beside that is opening; the cipher's own message would help nobody.
  const missing = error instanceof Error && error.message.startsWith('No secret key');
  return missing ? 'its key is not in SECRET_KEYS' : 'an address cannot be opened: it was altered or moved';
}

/** Says of every older key whether it is still needed. False when one that is needed is not there. */
async function reportKeys({ database, keyring, out, err }: AdminContext, { failed }: Outcome): Promise<boolean> {
  const used = (await database.people.model.distinct('addresses.sealed.keyId').exec()) as string[];
  for (const id of keyring.ids.slice(1)) {
    const lines = await database.optOuts.countUnderKey(id);
    if (used.includes(id)) out.write(`key ${id}: still needed, addresses are sealed under it; run this again\n`);
    else if (lines > 0)
      out.write(
        `key ${id}: still needed for ${lines} opt-outs of people who were erased; without it they count as never having said stop\n`,
      );
    else out.write(`key ${id}: can be taken out of SECRET_KEYS\n`);
  }
  const lost = used.filter((id) => !keyring.ids.includes(id));
  if (lost.length > 0) err.write(`Addresses are sealed under keys that are not in SECRET_KEYS: ${lost.join(', ')}.\n`);
  return lost.length === 0 && failed.size === 0;
}
