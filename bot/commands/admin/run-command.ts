import { scrub } from '../../logger.ts';
import { AdminProblem, UsageError, type AdminCommand, type AdminContext, type ExitCode } from './command.ts';

/** What is there before a database is opened. */
export type Streams = Pick<AdminContext, 'in' | 'out' | 'err'>;

/**
 * Runs `npm run admin -- <argv>`: finds the command, reads its arguments, opens the database and does the work.
 * Nothing is opened for `--help`, an unknown command or wrong arguments.
 */
export async function runCommand(
  commands: readonly AdminCommand[],
  argv: readonly string[],
  streams: Streams,
  open: () => Promise<{ context: AdminContext; close(): Promise<void> }>,
): Promise<ExitCode> {
  const [name, ...args] = argv;
  const command = commands.find((candidate) => candidate.name === name);
  if (!command) return list(commands, name, streams);
  if (args.includes('--help') || args.includes('-h')) {
    streams.out.write(`${command.usage.trim()}\n`);
    return 0;
  }
  try {
    const job = command.plan(args);
    const opened = await open();
    try {
      return await job(opened.context);
    } finally {
      await opened.close();
    }
  } catch (error) {
    return explain(error, command, streams);
  }
}

function list(commands: readonly AdminCommand[], name: string | undefined, streams: Streams): ExitCode {
  const asked = name === undefined || name === '--help' || name === '-h' || name === 'help';
  const width = Math.max(...commands.map((command) => command.name.length));
  const lines = commands.map((command) => `  ${command.name.padEnd(width)}  ${command.summary}`);
  const text = `Usage: npm run admin -- COMMAND [OPTIONS]\n\n${lines.join('\n')}\n\nCOMMAND --help says more about one.\n`;
  if (!asked) streams.err.write('There is no such command.\n\n');
  (asked ? streams.out : streams.err).write(text);
  return asked && name !== undefined ? 0 : 2;
}

function explain(error: unknown, command: AdminCommand, { err }: Streams): ExitCode {
  if (error instanceof UsageError) {
    err.write(`${error.message}\n\n${command.usage.trim()}\n`);
    return 2;
  }
  if (error instanceof AdminProblem) err.write(`${error.message}\n`);
  // Drivers put values into their messages: those stay out of terminals that are recorded.
  else err.write(`${command.name} failed: ${scrub(error instanceof Error ? error.message : 'unknown error')}\n`);
  return 1;
}
