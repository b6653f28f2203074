import { chmodSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Engine } from './engine.ts';
import { startHousekeeping } from './housekeeping.ts';
import { IdleWatch } from './idle.ts';
import { FolderTaken, lockFolder } from './lock.ts';
import { type Places, placesIn, uriOf } from './places.ts';
import { Server } from './server.ts';

/**
 * The server process: `main --dir DATA_DIR [--port N] [--parent] [--idle MS] [--ttl SECONDS] [--map BYTES]`.
 * Prints one line of JSON with the uri when it is ready. With --parent it ends by itself when no client is left.
 * Exit codes: 0 stopped, 1 failed, 3 the folder belongs to another server.
 */
const { values: args } = parseArgs({
  options: {
    dir: { type: 'string', default: process.env['DATA_DIR'] ?? './data' },
    port: { type: 'string' },
    parent: { type: 'boolean', default: false },
    idle: { type: 'string', default: '5000' },
    ttl: { type: 'string', default: '60' },
    map: { type: 'string' },
  },
});

const firstClientMs = 30_000;
const folderTaken = 3;

function log(message: string): void {
  process.stderr.write(`${new Date().toISOString()} ${message}\n`);
}

function writeCard(places: Places, port: number | undefined): string {
  const uri = uriOf({ socket: places.socket });
  const card = JSON.stringify({
    pid: process.pid,
    socket: places.socket,
    uri,
    ...(port === undefined ? {} : { port, tcpUri: uriOf({ port }) }),
  });
  const draft = `${places.card}.${process.pid}`;
  writeFileSync(draft, card, { mode: 0o600 });
  renameSync(draft, places.card);
  return card;
}

async function listen(server: Server, places: Places): Promise<number | undefined> {
  rmSync(places.socket, { force: true });
  process.umask(0o077);
  await server.listen({ path: places.socket });
  chmodSync(places.socket, 0o600);
  if (args.port === undefined) return undefined;
  await server.listen({ port: Number(args.port) });
  return server.port;
}

async function main(): Promise<void> {
  const places = placesIn(args.dir, 'db');
  await lockFolder(places);
  const engine = new Engine(join(places.folder, 'data'), args.map === undefined ? undefined : Number(args.map));
  let stopping = false;
  const stop = async (): Promise<void> => {
    if (stopping) return;
    stopping = true;
    idle?.stop();
    stopHousekeeping();
    await server.close();
    await engine.close();
    rmSync(places.card, { force: true });
    rmSync(places.socket, { force: true });
    process.exit(0);
  };
  const idle = args.parent
    ? new IdleWatch(Math.max(firstClientMs, Number(args.idle)), Number(args.idle), () => void stop())
    : undefined;
  const server = new Server(engine, { clients: (count) => idle?.clients(count) });
  const stopHousekeeping = startHousekeeping(engine, log, Number(args.ttl));
  process.on('SIGTERM', () => void stop());
  process.on('SIGINT', () => void stop());
  const port = await listen(server, places);
  process.stdout.write(`${writeCard(places, port)}\n`);
}

try {
  await main();
} catch (error) {
  log(error instanceof Error ? error.message : String(error));
  process.exit(error instanceof FolderTaken ? folderTaken : 1);
}
