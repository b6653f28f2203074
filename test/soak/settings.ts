import { parseArgs } from 'node:util';
import { DEFAULT_TIMINGS, type Timings } from '../../channels/outbox/timings.ts';

/** What a crash test is asked to do. */
export interface Settings {
  /** Times a service process is killed with SIGKILL, all processes together. */
  kills: number;
  seed: number;
  /** Service processes side by side. */
  processes: number;
  /** At least this long, even when the kills are reached earlier (ms). */
  atLeastMs: number;
  /** The whole run, with its end and its checks, is given up after this (ms). */
  deadlineMs: number;
  residents: number;
  /** Keep the folder with the data and the logs. */
  keep: boolean;
}

/** The account and senders of the run. Numbers that Ofcom keeps free for drama; nothing here is a secret of anybody's. */
export const ACCOUNT_SID = `AC${'5a'.repeat(16)}`;
export const AUTH_TOKEN = '7e'.repeat(16);
export const SMS_SENDER = '+442079460011';
export const WHATSAPP_SENDER = '+442079460012';
export const PUBLIC_URL = 'https://shuni.test';
export const SECRET = { id: 'soak', secret: Buffer.alloc(32, 11) };

/** Durations of the outbox are divided by this, so that messages of unknown fate are decided in seconds. */
const FASTER = 20;

/** Sweeping is not sped up as much: many processes share few cores here. */
export const TIMINGS: Timings = {
  ...(Object.fromEntries(
    Object.entries(DEFAULT_TIMINGS).map(([name, ms]: [string, number]) => [name, Math.ceil(ms / FASTER)]),
  ) as unknown as Timings),
  sweep: 250,
  sweepGrace: 300,
  abortGrace: 250,
  drain: 3000,
};

const OPTIONS = {
  kills: { type: 'string', default: '200' },
  seed: { type: 'string', default: '1' },
  processes: { type: 'string', default: '2' },
  minutes: { type: 'string', default: '0' },
  residents: { type: 'string', default: '40' },
  keep: { type: 'boolean', default: false },
  database: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

/** Settings, and what else the command line asks for. */
export interface CommandLine extends Settings {
  /** The embedded database alone: its own kill rounds. */
  database: boolean;
  help: boolean;
}

/** Reads the command line. Throws an Error that says what is wrong with it. */
export function readCommandLine(argv: readonly string[]): CommandLine {
  const { values } = parseArgs({ args: [...argv], options: OPTIONS });
  const number = (
    name: 'kills' | 'seed' | 'processes' | 'minutes' | 'residents',
    least: number,
    most: number,
  ): number => {
    const value = Number(values[name]);
    if (Number.isFinite(value) && value >= least && value <= most) return value;
    throw new Error(`--${name} must be a number from ${least} to ${most}`);
  };
  const kills = Math.floor(number('kills', 0, 10_000));
  const minutes = number('minutes', 0, 600);
  return {
    kills,
    seed: Math.floor(number('seed', 0, 2 ** 32 - 1)),
    processes: Math.floor(number('processes', 1, 8)),
    atLeastMs: minutes * 60_000,
    deadlineMs: minutes * 60_000 + kills * 20_000 + 15 * 60_000,
    residents: Math.floor(number('residents', 1, 500)),
    keep: values.keep,
    database: values.database,
    help: values.help,
  };
}
