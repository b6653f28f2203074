/** Setting that stands while a restore or import is under way: a crash in between leaves half a database. */
export const RESTORING = 'restore-under-way';
