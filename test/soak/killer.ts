import type { Random } from './random.ts';
import type { Slot } from './slot.ts';
import { pause, within } from './waiting.ts';

/** What was done to the processes. */
export interface KillFigures {
  whileServing: number;
  whileStarting: number;
  stopped: number;
  starts: number;
  /** From start to listening (ms), of those that got there. */
  startsMs: number[];
  /** From SIGTERM to the end (ms). */
  stopsMs: number[];
}

/** Of all ends: this share comes while the process is still starting, and this share is a SIGTERM (which counts no kill). */
const STARTING = 0.25;
const STOPPING = 0.06;

/** The longest time from listening to being killed. */
const LIFE_MS = 1500;

/** A process that takes longer than this to start, on a machine as busy as this one, never will. */
const START_WITHIN_MS = 120_000;
/** bot/main.ts ends by itself after 30 s. */
const STOP_WITHIN_MS = 40_000;

/** Kills service processes at random moments and starts them again, until it has killed often enough. */
export class Killer {
  readonly figures: KillFigures = {
    whileServing: 0,
    whileStarting: 0,
    stopped: 0,
    starts: 0,
    startsMs: [],
    stopsMs: [],
  };
  /** Processes that ended by themselves, did not start or did not stop. */
  readonly troubles: string[] = [];
  private readonly slots: readonly Slot[];
  private readonly random: Random;
  private readonly enough: (kills: number) => boolean;
  private readonly given: AbortSignal;

  /** @param enough whether so many kills are enough by now @param given ends the killing whatever its count */
  constructor(slots: readonly Slot[], random: Random, enough: (kills: number) => boolean, given: AbortSignal) {
    this.slots = slots;
    this.random = random;
    this.enough = enough;
    this.given = given;
  }

  get kills(): number {
    return this.figures.whileServing + this.figures.whileStarting;
  }

  /** Kills until it is enough; every process is up again, and stays up, when this resolves. */
  async run(): Promise<void> {
    await Promise.all(this.slots.map((slot) => this.runOne(slot, this.random.fork(slot.index))));
  }

  private async runOne(slot: Slot, random: Random): Promise<void> {
    await this.start(slot);
    while (!this.enough(this.kills) && !this.given.aborted && this.troubles.length < 10) {
      if (slot.url === undefined) await this.start(slot);
      await pause(random.between(50, this.longestLife()), this.given);
      if (random.chance(STOPPING)) await this.stop(slot);
      else await this.kill(slot, 'whileServing');
      if (random.chance(STARTING) && !this.enough(this.kills)) await this.killStarting(slot, random);
    }
    if (slot.url === undefined) await this.start(slot);
  }

  private async start(slot: Slot): Promise<void> {
    const began = performance.now();
    this.figures.starts++;
    slot.start();
    const up = await within(START_WITHIN_MS, slot.ready());
    if (up === true) {
      this.figures.startsMs.push(performance.now() - began);
      return;
    }
    const end = await slot.end('SIGKILL');
    this.troubles.push(`process ${slot.index} (start ${slot.starts}) did not start: ${JSON.stringify(end)}`);
  }

  private async kill(slot: Slot, when: 'whileServing' | 'whileStarting'): Promise<void> {
    const end = await slot.end('SIGKILL');
    if (end.unasked)
      this.troubles.push(
        `process ${slot.index} (start ${slot.starts}) ended by itself: code ${end.code ?? end.signal ?? '?'}`,
      );
    else this.figures[when]++;
  }

  /** On a busy machine, where starting takes long, they live longer too: a process that is never up does nothing to break. */
  private longestLife(): number {
    return Math.max(LIFE_MS, (median(this.figures.startsMs) ?? 0) / 2);
  }

  /** Somewhere between the first line of the program and a moment before (or after) it listens. */
  private async killStarting(slot: Slot, random: Random): Promise<void> {
    const usual = median(this.figures.startsMs) ?? 1000;
    this.figures.starts++;
    slot.start();
    await pause(random.between(10, usual), this.given);
    await this.kill(slot, 'whileStarting');
  }

  private async stop(slot: Slot): Promise<void> {
    const began = performance.now();
    const end = await within(STOP_WITHIN_MS, slot.end('SIGTERM'));
    if (end === undefined) {
      await slot.end('SIGKILL');
      this.troubles.push(`process ${slot.index} (start ${slot.starts}) did not stop within ${STOP_WITHIN_MS / 1000} s`);
      return;
    }
    this.figures.stopped++;
    this.figures.stopsMs.push(performance.now() - began);
    if (end.code !== 0)
      this.troubles.push(
        `process ${slot.index} (start ${slot.starts}) was stopped and ended with ${end.code ?? end.signal ?? '?'}`,
      );
  }
}

/** The middle one; undefined of none. */
export function median(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
