import type { Database } from '../../models/database.ts';

export interface ErasureParts {
  database: Database;
  now: () => Date;
}

/** Even a farewell that cannot be delivered does not hold an erasure up for longer than this. */
const FAREWELL_MS = 10 * 60_000;

/** Carries out the erasures that are due, once the farewell has left. */
export async function sweepErasures(parts: ErasureParts): Promise<void> {
  const now = parts.now();
  for (const person of await parts.database.people.dueForErasure(now, 50)) {
    const overdue = now.getTime() - (person.eraseAt?.getTime() ?? 0) > FAREWELL_MS;
    if (overdue || !(await parts.database.forget.hasUnsent(person._id)))
      await erasePerson(parts, person._id, 'resident');
  }
}

/**
 * Erases a person: media, words, feedback, escalations, conversations, and last the person, so that a crash half-way is
 * found and finished by the next sweep. What stays: opt-out lines (a keyed hash) and for seven days empty message shells.
 */
export async function erasePerson(parts: ErasureParts, personId: string, by: string): Promise<void> {
  const { database, now } = parts;
  await database.mediaFiles.remove(await database.forget.emptyMedia({ personId }, now()));
  const messages = await database.forget.eraseOfPerson(personId, now());
  await database.feedback.removeOfPerson(personId);
  await database.escalations.removeOfPerson(personId);
  await database.conversations.removeOfPerson(personId);
  await database.people.remove(personId);
  await database.audit.append({
    at: now(),
    by,
    action: 'person-erased',
    subject: personId,
    detail: `${messages} messages`,
  });
}
