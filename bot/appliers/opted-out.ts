import { ledgerLines } from '../ledger-lines.ts';
import type { Applier } from './applier.ts';

/** `opted-out`: in the ledger for every address of the person, and on the person. */
export const optedOut: Applier<'opted-out'> = (_event, work, _context, { database }) => {
  work.outcome = 'opt-out-recorded';
  work.writes.push(
    () => database.optOuts.append(ledgerLines(work, 'out')),
    () => database.people.update(work.person._id, { optedOutAt: work.at }),
  );
};
