import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** What is counted, for Prometheus. Labels are closed vocabularies: never an id, an address or a word of anybody's. */
export interface Metrics {
  registry: Registry;
  inbound: Counter<'channel' | 'result'>;
  accept: Histogram;
  turns: Histogram<'result'>;
  sent: Counter<'channel' | 'purpose' | 'outcome'>;
  sendLatency: Histogram;
  receipts: Counter<'channel' | 'status'>;
  dropped: Counter<'reason'>;
  waiting: Gauge<'queue'>;
  senderOpen: Gauge<'channel'>;
}

const SECONDS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2, 5];

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'shuni_' });
  const registers = [registry];
  return {
    registry,
    inbound: new Counter({
      name: 'shuni_inbound_total',
      help: 'Messages in, by channel and result',
      labelNames: ['channel', 'result'],
      registers,
    }),
    accept: new Histogram({
      name: 'shuni_accept_seconds',
      help: 'From a verified webhook to stored',
      buckets: SECONDS,
      registers,
    }),
    turns: new Histogram({
      name: 'shuni_turn_seconds',
      help: 'Turns taken',
      labelNames: ['result'],
      buckets: SECONDS,
      registers,
    }),
    sent: new Counter({
      name: 'shuni_sent_total',
      help: 'Send attempts by outcome',
      labelNames: ['channel', 'purpose', 'outcome'],
      registers,
    }),
    sendLatency: new Histogram({
      name: 'shuni_send_seconds',
      help: 'From due to taken by the provider',
      buckets: SECONDS,
      registers,
    }),
    receipts: new Counter({
      name: 'shuni_receipts_total',
      help: 'News from providers',
      labelNames: ['channel', 'status'],
      registers,
    }),
    dropped: new Counter({
      name: 'shuni_dropped_total',
      help: 'Outbound messages not sent, by reason',
      labelNames: ['reason'],
      registers,
    }),
    waiting: new Gauge({ name: 'shuni_waiting', help: 'Rows with work to do', labelNames: ['queue'], registers }),
    senderOpen: new Gauge({
      name: 'shuni_sender_circuit_open',
      help: '1 while sending from a channel is suspended',
      labelNames: ['channel'],
      registers,
    }),
  };
}
