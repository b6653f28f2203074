import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { connectAndPing } from './ping.ts';
import type { Places } from './places.ts';

/** How one kind of server is found and started. */
export interface Launch {
  readonly places: Places;
  /** The socket that answers a ping once the server is ready. */
  readonly socket: string;
  readonly entry: string;
  readonly args: readonly string[];
  readonly log?: ((message: string) => void) | undefined;
}

const readyMs = 20_000;
const folderTaken = 3;

/** Beside compiled code the server is compiled too; beside sources it runs through tsx. */
export function entryArgs(name: string, from: string): string[] {
  const source = from.endsWith('.ts');
  const path = fileURLToPath(new URL(`./${name}${source ? '.ts' : '.js'}`, from));
  return source ? ['--import', 'tsx', path] : [path];
}

/** A connection to the running server, which is started first if there is none. Two processes may do this at once: one server results. */
export async function findOrLaunch(launch: Launch): Promise<Socket> {
  const running = await connectAndPing({ path: launch.socket });
  if (running) return running;
  const child = spawnDetached(launch);
  const deadline = Date.now() + readyMs;
  for (let pause = 5; Date.now() < deadline; pause = Math.min(pause * 1.5, 100)) {
    await delay(pause);
    const connection = await connectAndPing({ path: launch.socket });
    if (connection) return connection;
    const { exitCode } = child;
    if (exitCode !== null && exitCode !== folderTaken)
      throw new Error(`the embedded database did not start; see ${launch.places.log}`);
  }
  throw new Error(`the embedded database did not answer within ${readyMs / 1000} s; see ${launch.places.log}`);
}

function spawnDetached({ places, entry, args, log }: Launch): ReturnType<typeof spawn> {
  const logFile = openSync(places.log, 'a', 0o600);
  try {
    const child = spawn(process.execPath, [...entryArgs(entry, import.meta.url), ...args], {
      detached: true,
      stdio: ['ignore', 'ignore', logFile],
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    child.unref();
    log?.(`started the embedded database, process ${child.pid ?? 0}`);
    return child;
  } finally {
    closeSync(logFile);
  }
}
