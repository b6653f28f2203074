import type { Applier } from './applier.ts';

/** `language-changed`: from here on this conversation, and by choice this person, is spoken to in that language. */
export const languageChanged: Applier<'language-changed'> = (event, work, _context, { database }) => {
  work.language = event.language;
  if (event.by === 'detected' && work.person.language) return;
  work.writes.push(() => database.people.update(work.person._id, { language: event.language }));
};
