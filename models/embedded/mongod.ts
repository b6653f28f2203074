import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Places } from './places.ts';

/** The first executable called mongod on a PATH, or undefined. */
export function findMongod(path: string | undefined): string | undefined {
  const candidates = (path ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, 'mongod'));
  return candidates.find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Whether mongod shall be used: it is there, and the folder does not already hold an embedded database, whose data would seem lost. */
export function prefersMongod(mongod: string | undefined, dataDir: string): mongod is string {
  return mongod !== undefined && !existsSync(join(dataDir, 'db', 'data', 'data.mdb'));
}

/** The socket mongod listens on; next to it the keeper has its own, which holds both alive. */
export function keeperSocket(places: Places): string {
  return places.socket.replace(/\.sock$/, '-keeper.sock');
}

/** The command line of a private mongod: its own folder, a Unix socket only its owner can open, and loopback when a port is asked for. */
export function mongodArgs(places: Places, port: number | undefined): string[] {
  const addresses = port === undefined ? places.socket : `${places.socket},127.0.0.1`;
  return [
    '--dbpath', places.folder,
    '--bind_ip', addresses,
    '--port', String(port ?? 27017),
    '--nounixsocket',
    '--filePermissions', '0600',
    '--logpath', join(places.folder, 'mongod.log'),
    '--logappend',
    '--quiet',
  ]; // prettier-ignore
}
