import type { Logger } from 'pino';

/** A piece of work done again and again, one at a time, until stopped. */
export interface Repeating {
  stop(): Promise<void>;
}

/** Runs `work` at once and then `ms` after each end. An error is logged and the next run tries again. */
export function every(ms: number, name: string, log: Logger, work: () => Promise<void>): Repeating {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const run = async (): Promise<void> => {
    try {
      await work();
    } catch (error) {
      log.warn({ err: error, sweep: name }, 'sweep failed; trying again');
    }
    if (!stopped) timer = setTimeout(() => void (running = run()), ms);
  };
  let running = run();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
