import type { Readable, Writable } from 'node:stream';
import type { Database } from '../../../models/database.ts';
import type { Keyring } from '../../../models/keyring.ts';
import type { Config } from '../../config.ts';

/** 0 done, 1 something is wrong, 2 the command was called wrongly. */
export type ExitCode = 0 | 1 | 2;

/** What a command works with. Results go to `out`, everything else a person reads goes to `err`. */
export interface AdminContext {
  database: Database;
  keyring: Keyring;
  config: Pick<Config, 'dataDir'>;
  in: Readable;
  out: Writable;
  err: Writable;
  now: () => Date;
}

/** One administration command. */
export interface AdminCommand {
  name: string;
  /** One line for the list of commands. */
  summary: string;
  /** What `--help` prints. */
  usage: string;
  /** Reads the arguments, before any database is opened. Throws UsageError. The job it returns does the work. */
  plan(args: readonly string[]): AdminJob;
}

export type AdminJob = (context: AdminContext) => Promise<ExitCode>;

/** The command was called wrongly; the message says how to call it. */
export class UsageError extends Error {}

/** The command cannot do its work; the message says what to do. It holds nothing personal. */
export class AdminProblem extends Error {}

/** Who the audit trail names for what is done here: whoever may use the machine's command line. */
export const BY = 'command-line';
