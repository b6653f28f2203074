import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { parseArgs } from 'node:util';
import { IdleWatch } from './idle.ts';
import { FolderTaken, lockFolder } from './lock.ts';
import { keeperSocket, mongodArgs } from './mongod.ts';
import { connectAndPing } from './ping.ts';
import { placesIn } from './places.ts';

/**
 * The keeper of a mongod: `mongod-main --dir DATA_DIR --mongod PATH [--port N] [--idle MS]`. Starts it, and stops it when no process of
 * ours holds a connection to the keeper's socket any more, so that mongod follows the same rules as the embedded server.
 */
const { values: args } = parseArgs({
  options: {
    dir: { type: 'string', default: './data' },
    mongod: { type: 'string', default: 'mongod' },
    port: { type: 'string' },
    idle: { type: 'string', default: '5000' },
  },
});

const firstClientMs = 30_000;

async function keep(): Promise<void> {
  const places = placesIn(args.dir, 'mongod');
  await lockFolder(places);
  rmSync(places.socket, { force: true });
  const mongod = spawn(args.mongod, mongodArgs(places, args.port === undefined ? undefined : Number(args.port)), {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  mongod.once('error', () => process.exit(1));
  mongod.once('exit', (code) => process.exit(code ?? 1));
  const stop = (): void => {
    mongod.kill('SIGTERM');
  };
  const idle = new IdleWatch(firstClientMs, Number(args.idle), stop);
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  const holders = new Set();
  const path = keeperSocket(places);
  rmSync(path, { force: true });
  process.umask(0o077);
  createServer((socket) => {
    holders.add(socket);
    idle.clients(holders.size);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => {
      holders.delete(socket);
      idle.clients(holders.size);
    });
    // Whoever holds on wants to know that mongod answers: its ping is passed on.
    socket.on('data', () => {
      void connectAndPing({ path: places.socket }).then((answer) => {
        answer?.destroy();
        if (answer) socket.write('ready');
        else socket.destroy();
      });
    });
  }).listen({ path });
}

try {
  await keep();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(error instanceof FolderTaken ? 3 : 1);
}
