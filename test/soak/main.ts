import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { killRounds } from '../models/embedded/kill-rounds.ts';
import { dropDatabase, namedUri } from './database.ts';
import { figuresText, progressText, violationsText } from './report.ts';
import { runSoak, type Progress } from './run.ts';
import { readCommandLine, type CommandLine } from './settings.ts';

const USAGE = `Usage: npm run soak -- [--kills 200] [--seed N] [--processes 2] [--residents 40] [--minutes M] [--keep]

The crash test: residents write, the provider fails, service processes are killed again and again; then every promise is
checked. docs/runbooks/crash-test.md explains it. Exit code 1 when a promise was broken.

  --kills      kills with SIGKILL, all processes together
  --seed       the same seed draws the same residents, faults and moments
  --processes  service processes side by side
  --residents  how many write
  --minutes    at least this long
  --keep       keep the folder with data and logs
  --database   the embedded database alone: kill its server in the middle of writes
`;

/** Without a terminal a line is printed this often (s). */
const LINE_EVERY = 15;

/** The embedded database alone: its server is killed in the middle of writes, and asked afterwards what it still knows. */
async function databaseTest(line: CommandLine): Promise<number> {
  const dir = await mkdtemp(join(tmpdir(), 'shuni-soak-database-'));
  const onProgress = (round: number): void => {
    if (round % LINE_EVERY === 0) process.stderr.write(`${round}/${line.kills} kills\n`);
  };
  const figures = await killRounds({ kills: line.kills, seed: line.seed, dir, onProgress });
  process.stdout.write(figuresText({ ...figures }));
  const { lost, halfWritten, wrongDuplicates } = figures;
  const kept = lost + halfWritten + wrongDuplicates === 0;
  if (line.keep || !kept) process.stderr.write(`data is kept in ${dir}\n`);
  else await rm(dir, { recursive: true, force: true });
  return kept ? 0 : 1;
}

/** The processes' own database on another server, or the embedded one. */
async function crashTest(line: CommandLine): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'shuni-soak-'));
  const given = process.env['TEST_MONGODB_URI'];
  const mongodbUri = given === undefined ? undefined : namedUri(given, `soak-${randomBytes(4).toString('hex')}`);
  process.stderr.write(`seed ${line.seed}, data and logs in ${folder}\n`);
  const { violations, figures } = await runSoak(line, { folder, mongodbUri, onProgress: progress(line) });
  process.stderr.write('\n');
  process.stdout.write(`${figuresText(figures)}\n${violationsText(violations)}`);
  if (line.keep || violations.length > 0) process.stderr.write(`data and logs are kept in ${folder}\n`);
  else await rm(folder, { recursive: true, force: true });
  if (mongodbUri !== undefined && !line.keep) await dropDatabase(mongodbUri);
  return violations.length > 0 ? 1 : 0;
}

function progress(line: CommandLine): (progress: Progress) => void {
  const terminal = process.stderr.isTTY;
  let calls = 0;
  return (now) => {
    if (terminal || calls++ % LINE_EVERY === 0) process.stderr.write(progressText(now, line.kills, terminal));
  };
}

async function main(): Promise<number> {
  const line = readCommandLine(process.argv.slice(2));
  if (line.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  return line.database ? databaseTest(line) : crashTest(line);
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 2;
  },
);
