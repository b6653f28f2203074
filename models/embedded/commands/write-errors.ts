import { CommandError } from '../errors.ts';
import type { Doc } from '../values.ts';

/** The entry of `writeErrors` for one failed statement; errors that are not about the statement go on up. */
export function writeError(error: unknown, index: number): Doc {
  if (!(error instanceof CommandError)) throw error;
  return { index, code: error.code, ...error.extra, errmsg: error.message };
}

export function writeReply(counts: Doc, errors: readonly Doc[]): Doc {
  return { ...counts, ...(errors.length > 0 ? { writeErrors: errors } : {}), ok: 1 };
}
