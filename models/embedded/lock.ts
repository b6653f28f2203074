import { closeSync, openSync, readFileSync, unlinkSync, writeSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Places } from './places.ts';

/** Thrown when another server has the folder. */
export class FolderTaken extends Error {}

/**
 * Takes the folder for this process, until it ends however it ends. On Linux the lock is a name in the kernel (an abstract socket,
 * unix(7)): binding it succeeds for exactly one process and is undone when that process dies. Elsewhere it is a file with our pid.
 */
export async function lockFolder(places: Places): Promise<void> {
  if (process.platform === 'linux') await bindName(`\0shuni-embedded-${places.hash}`, places);
  else lockFile(join(places.folder, 'server.lock'), places);
}

function bindName(name: string, places: Places): Promise<void> {
  const server = createServer((socket) => socket.destroy());
  server.unref();
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? taken(places) : error);
    });
    server.listen({ path: name }, resolve);
  });
}

function lockFile(path: string, places: Places, again = true): void {
  try {
    const file = openSync(path, 'wx', 0o600);
    writeSync(file, String(process.pid));
    closeSync(file);
    process.once('exit', () => {
      unlinkSync(path);
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    if (!again || isAlive(Number(readFileSync(path, 'utf8')))) throw taken(places);
    unlinkSync(path);
    lockFile(path, places, false);
  }
}

function isAlive(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function taken(places: Places): FolderTaken {
  return new FolderTaken(
    `another embedded database server is already running on ${places.folder}; connect to it, or stop it first`,
  );
}
