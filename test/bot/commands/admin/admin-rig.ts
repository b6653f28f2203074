import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import type { AdminCommand, AdminContext, ExitCode } from '../../../../bot/commands/admin/command.ts';
import { runCommand } from '../../../../bot/commands/admin/run-command.ts';
import type { Keyring } from '../../../../models/keyring.ts';
import { freshDatabase, TEST_KEYRING } from '../../../support/database.ts';

/** What a command wrote and how it ended. */
export interface Ran {
  code: ExitCode;
  out: string;
  err: string;
}

type Fresh = Awaited<ReturnType<typeof freshDatabase>>;

/** A fresh database, a folder, and a way to run commands on them as the command line would. */
export interface Rig {
  database: Fresh;
  folder: string;
  now: Date;
  run(command: AdminCommand, args?: readonly string[], options?: { input?: string }): Promise<Ran>;
  close(): Promise<void>;
}

export const NOW = new Date('2026-05-04T12:00:00Z');

export async function adminRig(keyring = TEST_KEYRING): Promise<Rig> {
  const database = await freshDatabase(keyring);
  const folder = await mkdtemp(join(tmpdir(), 'shuni-admin-'));
  return {
    database,
    folder,
    now: NOW,
    run: (command, args = [], options = {}) => runOn({ database, keyring, folder }, command, args, options.input ?? ''),
    async close() {
      await database.drop();
      await rm(folder, { recursive: true });
    },
  };
}

/** Runs a command on a database with a keyring of its own. */
export async function runOn(
  on: { database: Fresh; keyring: Keyring; folder: string },
  command: AdminCommand,
  args: readonly string[],
  input: string,
): Promise<Ran> {
  const out = new PassThrough();
  const err = new PassThrough();
  const written = Promise.all([textOf(out), textOf(err)]);
  const streams = { in: Readable.from([input]), out, err };
  const context: AdminContext = {
    ...streams,
    database: on.database,
    keyring: on.keyring,
    config: { dataDir: on.folder },
    now: () => NOW,
  };
  const code = await runCommand([command], [command.name, ...args], streams, () =>
    Promise.resolve({ context, close: () => Promise.resolve() }),
  );
  out.end();
  err.end();
  const [said, told] = await written;
  return { code, out: said, err: told };
}

async function textOf(stream: PassThrough): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
