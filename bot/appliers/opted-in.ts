import { ledgerLines } from '../ledger-lines.ts';
import type { Applier } from './applier.ts';

/** `opted-in`: only START or an explicit yes gets here; a message after STOP never does. */
export const optedIn: Applier<'opted-in'> = (_event, work, _context, { database }) => {
  work.outcome = 'opt-in-recorded';
  work.writes.push(
    () => database.optOuts.append(ledgerLines(work, 'in')),
    () => database.people.update(work.person._id, {}, ['optedOutAt']),
  );
};
