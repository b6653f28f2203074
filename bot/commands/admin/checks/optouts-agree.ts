import type { OptOut } from '../../../../models/optouts.ts';
import type { Person } from '../../../../models/people.ts';
import { hashesOf, latestByHash, latestOf } from '../opt-outs/sync.ts';
import { age, MINUTE_MS, type Check } from './check.ts';

/** The ledger and the person are two writes. */
const PATIENCE_MS = 10 * MINUTE_MS;

/** The ledger has the last word on who asked us to stop. */
export const optOutsAgree: Check = {
  name: 'optouts-agree',
  promise: 'whoever asked us to stop last, by the ledger, is opted out, and nobody else is',
  async *run({ database, keyring, now }) {
    const latest = await latestByHash(database);
    for await (const person of database.people.all()) {
      const line = latestOf(latest, hashesOf(database.people, keyring, person));
      const what = wrong(person, line, now);
      if (what) yield { id: `people/${person._id}`, what };
    }
  },
};

function wrong({ optedOutAt }: Person, line: OptOut | undefined, now: Date): string | null {
  const justNow = age(now, line?.at) < PATIENCE_MS || age(now, optedOutAt) < PATIENCE_MS;
  const out = line?.action === 'out';
  if (justNow || out === (optedOutAt !== undefined)) return null;
  return out ? 'asked us to stop, but is not opted out' : 'is opted out, but the ledger does not say so';
}
