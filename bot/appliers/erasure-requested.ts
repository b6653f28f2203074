import type { Applier } from './applier.ts';

/** `erasure-requested`: dates the erasure; bot/sweeps/erasure.ts carries it out once the farewell has left. */
export const erasureRequested: Applier<'erasure-requested'> = (_event, work, _context, { database }) => {
  work.writes.push(() => database.people.update(work.person._id, { eraseAt: work.at }));
};
