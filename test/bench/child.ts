import { spawn, type ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';

/** A process under measurement, ready when its standard output had a line that `ready` accepts. */
export interface Child<T> {
  ready: T;
  startedInMs: number;
  pid: number;
  /** Resident memory now, in MB. */
  rss(): Promise<number>;
  stop(): Promise<void>;
}

/** Starts `node args` and waits for the line. Rejects with what it printed when it ends before. */
export async function startChild<T>(
  args: readonly string[],
  env: Record<string, string>,
  ready: (line: string) => T | null,
): Promise<Child<T>> {
  const started = performance.now();
  const child = spawn(process.execPath, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.on('data', (data: Buffer) => (said += data.toString()));
  const value = await new Promise<T>((resolve, reject) => {
    child.once('exit', (code) => {
      reject(new Error(`ended with ${code} before it was ready:\n${said}`));
    });
    createInterface({ input: child.stdout }).on('line', (line) => {
      said += `${line}\n`;
      const seen = ready(line);
      if (seen !== null) resolve(seen);
    });
  });
  const pid = child.pid ?? 0;
  return {
    ready: value,
    startedInMs: performance.now() - started,
    pid,
    rss: () => rssOf(pid),
    stop: () => stop(child),
  };
}

async function rssOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024;
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => {
      resolve();
    });
    child.kill('SIGTERM');
  });
}
