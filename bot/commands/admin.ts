import { existsSync } from 'node:fs';
import { loadEnvFile } from 'node:process';
import { ConfigError } from '../config.ts';
import { AdminProblem } from './admin/command.ts';
import { commands } from './admin/commands.ts';
import { openContext } from './admin/open.ts';
import { runCommand } from './admin/run-command.ts';

/** `npm run admin -- <command>`: see docs/how-to and docs/runbooks for when to use which. */
async function main(): Promise<void> {
  if (existsSync('.env')) loadEnvFile('.env');
  const streams = { in: process.stdin, out: process.stdout, err: process.stderr };
  // Whoever reads our output may stop early (`| head`): that is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? 0 : 1);
  });
  process.exitCode = await runCommand(commands, process.argv.slice(2), streams, () => opened(streams));
}

async function opened(streams: Parameters<typeof openContext>[1]): ReturnType<typeof openContext> {
  try {
    return await openContext(process.env, streams);
  } catch (error) {
    if (error instanceof ConfigError)
      throw new AdminProblem(`${error.message}\nREADME.md, "Configuration", says what each variable means.`);
    throw error;
  }
}

await main();
