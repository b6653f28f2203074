import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A server process of its own, for one test file. */
export interface TestServer {
  readonly uri: string;
  readonly pid: number;
  readonly dir: string;
  readonly socket: string;
  readonly process: ChildProcess;
  /** Ends it as an operator would and removes its folder. */
  stop(): Promise<void>;
}

export interface TestServerOptions {
  /** A folder to keep; a new one in the temporary folder is made and removed otherwise. */
  readonly dir?: string;
  readonly args?: readonly string[];
  /** Put in front of the command line, such as a shell that sets limits. */
  readonly wrap?: (command: readonly string[]) => readonly string[];
}

const entry = fileURLToPath(new URL('../../../models/embedded/main.ts', import.meta.url));
const compiled = process.env['EMBEDDED_DIST'];

/** The command line of a server: the compiled one when EMBEDDED_DIST names its folder, else the source through tsx. */
export function serverCommand(dir: string, args: readonly string[] = []): string[] {
  const main = compiled === undefined ? ['--import', 'tsx', entry] : [join(compiled, 'models/embedded/main.js')];
  return [process.execPath, ...main, '--dir', dir, ...args];
}

/** Starts a server and waits until it says that it is ready. */
export async function startServer(options: TestServerOptions = {}): Promise<TestServer> {
  const dir = options.dir ?? mkdtempSync(join(tmpdir(), 'shuni-db-'));
  const plain = serverCommand(dir, options.args);
  const [command = '', ...args] = options.wrap ? options.wrap(plain) : plain;
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NODE_OPTIONS: '' } });
  const { uri, socket, pid } = await readyLine(child);
  return {
    uri,
    socket,
    pid,
    dir,
    process: child,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM');
        await once(child, 'exit');
      }
      if (options.dir === undefined) rmSync(dir, { recursive: true, force: true });
    },
  };
}

interface Card {
  readonly uri: string;
  readonly socket: string;
  readonly pid: number;
}

function readyLine(child: ChildProcess): Promise<Card> {
  const { stdout, stderr } = child;
  let complaint = '';
  stderr?.on('data', (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  return new Promise((resolve, reject) => {
    if (stdout)
      createInterface(stdout).once('line', (line) => {
        resolve(JSON.parse(line) as Card);
      });
    child.once('exit', (code) => {
      reject(new Error(`the server ended with ${code ?? 'a signal'}: ${complaint}`));
    });
  });
}
