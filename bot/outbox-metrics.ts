import type { Logger } from 'pino';
import type { OutboxAlert, OutboxMetrics } from '../channels/outbox/parts.ts';
import type { Database } from '../models/database.ts';
import type { Metrics } from './metrics.ts';

/** Binds what the outbox reports to what Prometheus reads. */
export function outboxMetrics(metrics: Metrics): Partial<OutboxMetrics> {
  return {
    outcome({ channel, purpose, kind }) {
      metrics.sent.inc({ channel, purpose, outcome: kind });
    },
    sent({ latencyMs }) {
      metrics.sendLatency.observe(latencyMs / 1000);
    },
    dropped({ reason }) {
      metrics.dropped.inc({ reason });
    },
    reconciled({ channel, purpose, as }) {
      metrics.sent.inc({ channel, purpose, outcome: `reconciled-${as}` });
    },
    receipt({ channel, status }) {
      metrics.receipts.inc({ channel, status });
    },
  };
}

/** What operators have to hear about, in the log and as a gauge. */
export function outboxAlerts(metrics: Metrics, log: Logger): (alert: OutboxAlert) => void {
  return (alert) => {
    if (alert.kind === 'our-bug') {
      log.error(
        { channel: alert.channel, message: alert.messageId, code: alert.code },
        'a provider says we sent something it cannot take',
      );
      return;
    }
    const blocked = alert.kind === 'sender-blocked';
    metrics.senderOpen.set({ channel: alert.channel }, blocked ? 1 : 0);
    if (blocked)
      log.error(
        { channel: alert.channel, code: alert.code, until: alert.until },
        'a sender is blocked; its messages wait',
      );
    else log.info({ channel: alert.channel }, 'a sender is working again');
  };
}

/** How much waits, for the gauges. */
export async function countBacklog(database: Database, metrics: Metrics): Promise<void> {
  metrics.waiting.set({ queue: 'inbox' }, await database.inbound.countWaiting());
  const backlog = await database.overview.backlog();
  for (const state of ['queued', 'leased', 'unknown'] as const) {
    const count = backlog.filter((entry) => entry.state === state).reduce((sum, entry) => sum + entry.count, 0);
    metrics.waiting.set({ queue: `outbox-${state}` }, count);
  }
}
