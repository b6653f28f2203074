import type { AdminContext } from '../command.ts';

/** Setting that stands while a restore or import is under way: a crash in between leaves half a database. */
export const RESTORING = 'restore-under-way';

/** Setting that says when one last ended: what waits in it cannot have been taken up before. */
const RESTORED = 'restored-at';

export async function markRestoring({ database, now }: Pick<AdminContext, 'database' | 'now'>): Promise<void> {
  await database.settings.set(RESTORING, true, now());
}

export async function markRestored({ database, now }: Pick<AdminContext, 'database' | 'now'>): Promise<void> {
  await database.settings.set(RESTORED, now(), now());
  await database.settings.model.deleteOne({ _id: RESTORING });
}

/** When a restore or import last ended; null when there never was one. */
export async function restoredAt({ database }: Pick<AdminContext, 'database'>): Promise<Date | null> {
  const at = await database.settings.get(RESTORED);
  return at instanceof Date ? at : null;
}
