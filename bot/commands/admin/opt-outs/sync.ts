import type { Database } from '../../../../models/database.ts';
import type { Keyring } from '../../../../models/keyring.ts';
import { addressName, type People, type Person } from '../../../../models/people.ts';
import type { OptOut } from '../../../../models/optouts.ts';

/**
 * The hashes an address may be known by: as stored, and where it can be opened, under every key.
 * Never throws: an address sealed under a key that is gone is known by its stored hash only.
 */
export function hashesOf(people: People, keyring: Keyring, person: Person): string[] {
  return person.addresses.flatMap((address) => {
    try {
      const plain = people.openAddress(person, address.id);
      return plain === null ? [address.hash] : [address.hash, ...keyring.hashes(addressName(address.channel, plain))];
    } catch {
      return [address.hash];
    }
  });
}

/** The newest line of the ledger for each address hash. */
export async function latestByHash(database: Database): Promise<Map<string, OptOut>> {
  const latest = new Map<string, OptOut>();
  for await (const line of database.optOuts.model.find().sort({ at: 1 }).lean<OptOut[]>().cursor()) {
    latest.set(line.addressHash, line);
  }
  return latest;
}

/** The newest line for any of the addresses of a person. */
export function latestOf(latest: ReadonlyMap<string, OptOut>, hashes: readonly string[]): OptOut | undefined {
  const lines = hashes.flatMap((hash) => latest.get(hash) ?? []);
  return lines.toSorted((a, b) => b.at.getTime() - a.at.getTime())[0];
}

/** Makes `optedOutAt` of everyone say what the ledger says. Returns how many were corrected. */
export async function syncOptOuts(database: Database, keyring: Keyring): Promise<number> {
  const latest = await latestByHash(database);
  let corrected = 0;
  for await (const person of database.people.all()) {
    const line = latestOf(latest, hashesOf(database.people, keyring, person));
    const out = line?.action === 'out';
    if (out === (person.optedOutAt !== undefined)) continue;
    if (out) await database.people.update(person._id, { optedOutAt: line.at });
    else await database.people.update(person._id, {}, ['optedOutAt']);
    corrected++;
  }
  return corrected;
}
