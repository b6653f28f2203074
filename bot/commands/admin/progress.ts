import type { Writable } from 'node:stream';

/** How often a line of progress is written, in milliseconds. */
const EVERY_MS = 2000;

/** Tells on the error stream how far long work has come: on a terminal by rewriting one line, else a line now and then. */
export class Progress {
  private readonly err: Writable;
  private readonly what: string;
  private readonly onTerminal: boolean;
  private readonly startedAt = performance.now();
  private toldAt = this.startedAt;
  private told = false;
  private done = 0;

  constructor(err: Writable, what: string) {
    this.err = err;
    this.what = what;
    this.onTerminal = 'isTTY' in err && err.isTTY === true;
  }

  get count(): number {
    return this.done;
  }

  add(count = 1): void {
    this.done += count;
    const now = performance.now();
    if (now - this.toldAt < EVERY_MS) return;
    this.toldAt = now;
    this.told = true;
    const seconds = (now - this.startedAt) / 1000;
    const line = `${this.what}: ${this.done} (${Math.round(this.done / seconds)} a second)`;
    this.err.write(this.onTerminal ? `\r${line}\u001b[K` : `${line}\n`);
  }

  /** Ends the line that was being rewritten. */
  end(): void {
    if (this.told && this.onTerminal) this.err.write('\n');
  }
}
