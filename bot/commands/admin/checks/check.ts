import type { AdminContext } from '../command.ts';
import type { RawDatabase } from '../snapshot/raw.ts';

/** One thing that is not as promised. `id` names the document, `what` says what is wrong with it; nothing personal in either. */
export interface Problem {
  id: string;
  what: string;
}

export interface CheckContext extends Pick<AdminContext, 'database' | 'keyring'> {
  raw: RawDatabase;
  now: Date;
  /** When what is stored was last restored: nothing in it can have been taken up before. */
  restoredAt: Date | null;
}

/** One promise that can be checked on what is stored. Reads only. */
export interface Check {
  name: string;
  promise: string;
  run(context: CheckContext): AsyncIterable<Problem>;
}

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;

/** Age of something in milliseconds; what has no time is as old as can be. */
export function age(now: Date, at: unknown): number {
  return at instanceof Date ? now.getTime() - at.getTime() : Number.POSITIVE_INFINITY;
}

/** How long something could have been taken up: since it came, or since it was restored. */
export function waited({ now, restoredAt }: Pick<CheckContext, 'now' | 'restoredAt'>, at: unknown): number {
  return Math.min(age(now, at), age(now, restoredAt));
}

/** Reads documents of a collection with some of their fields, many at a time. */
export function scan<T extends object>(
  { raw }: Pick<CheckContext, 'raw'>,
  collection: string,
  filter: object,
  fields?: readonly (keyof T & string)[],
): AsyncIterable<T & { _id: string }> {
  const projection = fields && { projection: Object.fromEntries(fields.map((field) => [field, 1])) };
  const found = raw.collection(collection).find(filter, { batchSize: 2000, ...projection });
  return found as unknown as AsyncIterable<T & { _id: string }>;
}
