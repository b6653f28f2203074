import type { Receipt } from '../channel.ts';
import { Attempts } from './attempt.ts';
import { GATES } from './gates/registry.ts';
import { Lines } from './lines.ts';
import type { OutboxParts, Workings } from './parts.ts';
import { Receiver } from './receiver.ts';
import { Reconciler } from './reconciler.ts';
import { Senders } from './senders.ts';
import { Settler } from './settler.ts';
import { Sweep } from './sweep.ts';
import { DEFAULT_TIMINGS } from './timings.ts';

/** Sends what stands in the queue, durably: docs/decisions/outbox.md says how, docs/runbooks/outbox.md what to do when not. */
export interface Outbox {
  /** Rows of a conversation stand committed: they leave at once. Never throws; a wake that gets lost is made up by the sweep. */
  wake: (conversationId: string) => void;
  /** Starts the sweep. Waking works without. */
  start(): void;
  /** Begins nothing new, waits for what is being sent, ends what takes too long (it is then reconciled). */
  stop(): Promise<void>;
  /** News from a provider. Rejects when the database is away: answer 503. */
  receipt(receipt: Receipt): Promise<void>;
  /** One sweep now. Never rejects. */
  sweep(): Promise<void>;
  /** Resolves when nothing is under way in this process. */
  idle(): Promise<void>;
}

/** Puts an outbox together. Nothing runs until `wake` or `start`. */
export function createOutbox(parts: OutboxParts): Outbox {
  const workings = withDefaults(parts);
  const settler = new Settler(workings);
  const senders = new Senders(workings);
  const attempts = new Attempts(workings, settler);
  const lines = new Lines(workings, senders, attempts);
  const wake = (conversationId: string): void => {
    lines.wake(conversationId);
  };
  const receiver = new Receiver(workings, senders, settler, wake);
  const reconciler = new Reconciler(workings, settler);
  const sweep = new Sweep(workings, { lines, senders, reconciler, receiver });
  const ticker = tick(() => sweep.run(), workings.timings.sweep);
  const stop = async (): Promise<void> => {
    await ticker.stop();
    lines.close();
    if (!(await within(workings.timings.drain, lines.idle()))) attempts.abort();
    await within(workings.timings.abortGrace + workings.timings.drain, lines.idle());
    await senders.stop();
  };
  let stopped: Promise<void> | undefined;
  return {
    wake,
    start: ticker.start,
    sweep: ticker.once,
    idle: () => lines.idle(),
    receipt: (receipt) => receiver.receive(receipt),
    stop: () => (stopped ??= stop()),
  };
}

function withDefaults(parts: OutboxParts): Workings {
  const timings = { ...DEFAULT_TIMINGS, ...parts.timings };
  if (timings.lease <= timings.send + timings.abortGrace)
    throw new Error('A lease must be longer than an attempt and its grace, or nothing is ever sent.');
  return {
    templates: () => undefined,
    gates: GATES,
    now: () => new Date(),
    random: Math.random,
    metrics: {},
    onAlert: () => undefined,
    onEvent: () => undefined,
    ...parts,
    limits: { sweepBatch: 200, waitingPerSender: 1000, ...parts.limits },
    timings,
  };
}

/** Runs `work` every `ms`, never twice at once. `once` runs it now, after what is running. */
function tick(
  work: () => Promise<void>,
  ms: number,
): { start: () => void; once: () => Promise<void>; stop: () => Promise<void> } {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  const once = (): Promise<void> => (running = running.then(work));
  const loop = async (): Promise<void> => {
    await once();
    if (timer) timer = setTimeout(() => void loop(), ms);
  };
  return {
    once,
    start: () => (timer ??= setTimeout(() => void loop(), ms)),
    stop: () => {
      clearTimeout(timer);
      timer = undefined;
      return running;
    },
  };
}

/** Whether `promise` resolved within `ms`. */
async function within(ms: number, promise: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => {
      resolve(false);
    }, ms);
  });
  const inTime = await Promise.race([promise.then(() => true), late]);
  clearTimeout(timer);
  return inTime;
}
