import type { Person } from '../../../../models/people.ts';
import type { Check, CheckContext } from './check.ts';

/** Everybody can be found and reached. */
export const peopleAddresses: Check = {
  name: 'people-addresses',
  promise: 'every address opens with a key we have, and is found by its own keyed hash',
  async *run(context) {
    const owners = new Map<string, string>();
    for await (const person of context.database.people.all()) {
      const id = `people/${person._id}`;
      if (person.addresses.length === 0) yield { id, what: 'has no address' };
      for (const address of person.addresses) {
        const what = wrong(context, person, address);
        if (what) yield { id, what };
        const other = owners.get(address.hash);
        if (other !== undefined) yield { id, what: `has the same address as people/${other}` };
        owners.set(address.hash, person._id);
      }
    }
  },
};

function wrong({ database }: CheckContext, person: Person, address: Person['addresses'][number]): string | null {
  try {
    const hashes: string[] = database.people.hashesOf(person, address);
    return hashes.includes(address.hash)
      ? null
      : 'has an address whose hash does not fit it: nobody will find them by it';
  } catch {
    return `has an address that does not open: its key "${address.sealed.keyId}" is missing, or it was altered`;
  }
}
