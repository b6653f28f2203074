import { createHash } from 'node:crypto';
import { mkdirSync, realpathSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/** Where a server keeps its files and is reached. */
export interface Places {
  /** The folder with the data, private to its owner. */
  readonly folder: string;
  readonly socket: string;
  /** What a running server says about itself. */
  readonly card: string;
  readonly log: string;
  /** A short name for the folder, the same for every process that means this one. */
  readonly hash: string;
}

/** Unix socket paths end at 107 bytes on Linux, 103 on macOS. */
const longestSocketPath = 103;

/** The places of a kind of server in a data folder; makes the folders. A socket path that would be too long moves to the system's temporary folder. */
export function placesIn(dataDir: string, kind: 'db' | 'mongod'): Places {
  mkdirSync(join(dataDir, kind), { recursive: true, mode: 0o700 });
  const folder = realpathSync(join(dataDir, kind));
  const hash = createHash('sha256').update(folder).digest('hex').slice(0, 24);
  const beside = join(folder, 'mongodb.sock');
  const socket = Buffer.byteLength(beside) <= longestSocketPath ? beside : shortSocket(hash);
  return { folder, socket, card: join(folder, 'server.json'), log: join(folder, 'server.log'), hash };
}

function shortSocket(hash: string): string {
  const folder = join(tmpdir(), `shuni-${userInfo().uid}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return join(folder, `${hash}.sock`);
}

/** The connection string of a Unix socket or a loopback port. */
export function uriOf(address: { socket: string } | { port: number }): string {
  return 'socket' in address
    ? `mongodb://${encodeURIComponent(address.socket)}/`
    : `mongodb://127.0.0.1:${address.port}/`;
}
