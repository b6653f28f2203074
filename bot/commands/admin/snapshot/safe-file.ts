import { createWriteStream, type WriteStream } from 'node:fs';
import { access, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AdminProblem } from '../command.ts';

/**
 * Writes a file that is either whole or not there: to a name of its own first, flushed to disk, then renamed. Only its owner
 * may read it: it holds what people told us. Throws AdminProblem when the file exists already.
 */
export async function writeWhole<T>(file: string, write: (stream: WriteStream) => Promise<T>): Promise<T> {
  if (await exists(file)) throw new AdminProblem(`${file} exists already; name another file with --out.`);
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const partial = `${file}.partial`;
  try {
    const result = await write(createWriteStream(partial, { mode: 0o600, flush: true }));
    await rename(partial, file);
    await flushFolder(dirname(file));
    return result;
  } catch (error) {
    await rm(partial, { force: true });
    throw explained(error, file);
  }
}

export async function exists(file: string): Promise<boolean> {
  try {
    await access(file);
    return true;
  } catch {
    return false;
  }
}

/** A rename is on disk when its folder is. */
async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder);
  await handle.sync().finally(() => handle.close());
}

function explained(error: unknown, file: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOSPC') return new AdminProblem(`The disk is full; ${file} was not written.`);
  if (code === 'EACCES' || code === 'EROFS') return new AdminProblem(`${file} may not be written here.`);
  return error;
}
