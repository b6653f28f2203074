import type { Engine } from './engine.ts';
import { sweepExpired, sweepGarbage } from './ttl.ts';

/** Runs the sweeps at their pace until stopped; MongoDB's TTL monitor also wakes every minute. */
export function startHousekeeping(engine: Engine, log: (message: string) => void, ttlSeconds: number): () => void {
  let running = false;
  const sweep = async (): Promise<void> => {
    if (running) return;
    running = true;
    try {
      engine.cursors.closeIdle();
      await sweepExpired(engine, Date.now());
      await sweepGarbage(engine);
    } catch (error) {
      log(`housekeeping: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      running = false;
    }
  };
  const timer = setInterval(() => void sweep(), ttlSeconds * 1000);
  timer.unref();
  return () => {
    clearInterval(timer);
  };
}
