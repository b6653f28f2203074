import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ENTRY = fileURLToPath(new URL('./service.js', import.meta.url));

/** How a process came to its end. */
export interface End {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** By nobody's order. */
  unasked: boolean;
}

/** The place of one service process: there is at most one in it, and another one after that. */
export class Slot {
  readonly index: number;
  /** Where the process in it listens, once it does. */
  url: string | undefined;
  starts = 0;
  private readonly env: NodeJS.ProcessEnv;
  private readonly logFile: string;
  private child: ChildProcess | undefined;
  private ordered = false;
  private whenReady: Promise<boolean> = Promise.resolve(false);
  private whenEnded: Promise<End> = Promise.resolve({ code: 0, signal: null, unasked: false });

  constructor(index: number, env: NodeJS.ProcessEnv, logFile: string) {
    this.index = index;
    this.env = env;
    this.logFile = logFile;
  }

  start(): void {
    const log = openSync(this.logFile, 'a');
    const child = spawn(process.execPath, [ENTRY], { env: this.env, stdio: ['ignore', log, log, 'ipc'] });
    closeSync(log);
    this.child = child;
    this.ordered = false;
    this.starts++;
    let gone = false;
    this.whenEnded = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        gone = true;
        this.url = undefined;
        resolve({ code, signal, unasked: !this.ordered });
      });
    });
    const told = new Promise<boolean>((resolve) => {
      child.once('message', (message) => {
        // What a process said may be heard after it died.
        if (!gone) this.url = (message as { url: string }).url;
        resolve(!gone);
      });
    });
    this.whenReady = Promise.race([told, this.whenEnded.then(() => false)]);
  }

  /** True when the process listens; false when it ended before. */
  ready(): Promise<boolean> {
    return this.whenReady;
  }

  ended(): Promise<End> {
    return this.whenEnded;
  }

  /** Ends the process (SIGKILL: at once, SIGTERM: when it has finished what is under way) and waits until it is gone. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<End> {
    this.ordered = true;
    this.child?.kill(signal);
    return this.whenEnded;
  }

  get port(): number | undefined {
    return this.url === undefined ? undefined : Number(new URL(this.url).port);
  }
}
