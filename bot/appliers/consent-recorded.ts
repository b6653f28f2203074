import { feedbackOf } from '../feedback-of.ts';
import type { Applier } from './applier.ts';

/** After a "no" to keeping anything, the farewell may still be delivered and settled; then all goes but the opt-out ledger. */
const FORGET_AFTER_MS = 86_400_000;

/** `consent-recorded`: keeps the answer with its time; a "no" to storing dates the erasure (bot/handler.ts empties what was written). */
export const consentRecorded: Applier<'consent-recorded'> = (event, work, _context, { database }) => {
  const { at, person } = work;
  const purpose = event.purpose === 'follow-up' ? 'followUp' : 'store';
  work.writes.push(() => database.people.recordConsent(person._id, purpose, { given: event.given, at }));
  if (purpose === 'followUp') {
    feedbackOf(work).set['consents.followUp'] = event.given;
  } else if (event.given) {
    if (person.eraseAt) work.writes.push(() => database.people.update(person._id, {}, ['eraseAt']));
  } else {
    const eraseAt = new Date(at.getTime() + FORGET_AFTER_MS);
    work.writes.push(() => database.people.update(person._id, { eraseAt }));
  }
};
