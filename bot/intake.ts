import type { Intake, Receipt } from '../channels/channel.ts';
import type { Accept } from './accept.ts';
import type { Metrics } from './metrics.ts';

/** What channels hand over to, with its figures kept. */
export function createIntake(parts: {
  accept: Accept;
  receipt: (receipt: Receipt) => Promise<void>;
  metrics: Metrics;
}): Intake {
  const { accept, metrics } = parts;
  return {
    async accept(message) {
      const stop = metrics.accept.startTimer();
      try {
        const result = await accept(message);
        metrics.inbound.inc({ channel: message.channel, result });
        return result;
      } catch (error) {
        metrics.inbound.inc({ channel: message.channel, result: 'failed' });
        throw error;
      } finally {
        stop();
      }
    },
    receipt: parts.receipt,
  };
}
