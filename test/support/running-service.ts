import type { Logger } from 'pino';
import { readConfig, type Config, type TwilioConfig } from '../../bot/config.ts';
import { startService, type Service, type ServiceOptions } from '../../bot/service.ts';
import { createLogger } from '../../bot/logger.ts';
import type { Database } from '../../models/database.ts';
import { freshDatabase } from './database.ts';
import { Resident } from './resident.ts';
import { TwilioDouble } from './twilio-double/double.ts';
import { until } from './until.ts';

export const ACCOUNT_SID = `AC${'a1'.repeat(16)}`;
export const AUTH_TOKEN = 'b2'.repeat(16);
export const SMS_SENDER = '+442079460001';
export const WHATSAPP_SENDER = '+442079460002';

/** The whole service in this process, on a database of its own, against a loopback double of Twilio. */
export interface Running {
  service: Service;
  double: TwilioDouble;
  database: Database & { name: string };
  config: Config;
  /** Everything logged, at debug level, as written. */
  logged: string[];
  /** A resident with this number on a channel, who waits until the service has nothing left to do. */
  resident(number: string, channel?: 'sms' | 'whatsapp'): Resident;
  /** Resolves when every message in has its outcome and every message out has left or was dropped. */
  settled(): Promise<void>;
  /** Another service process's worth of workers and routes on the same database, in another configuration if need be. */
  another(changed?: { twilio?: Partial<TwilioConfig>; database?: Database }): Promise<Service>;
  stop(): Promise<void>;
}

/** Durations of the outbox, shortened so that tests need not wait for real ones. */
export const FAST = {
  sweep: 50,
  sweepGrace: 100,
  retryFirst: 50,
  findAfter: 200,
  decideAfter: 600,
  settleRetry: 20,
  breakerFirst: 200,
  parkRetry: 100,
  send: 1000,
  abortGrace: 200,
  lease: 4000,
};

/** The same, for tests that mean no failure: a machine that is slow must not look like a provider that does not answer. */
export const PATIENT = { ...FAST, send: 15_000, lease: 30_000, findAfter: 20_000, decideAfter: 25_000 };

/** `env`: variables beside the usual ones. `prepare`: what stands in the database before the service starts. */
export interface RunningOptions extends ServiceOptions {
  env?: Record<string, string>;
  prepare?: (database: Database) => Promise<void>;
  /** Where the database is reached; default: the server all tests share. */
  databaseUri?: string;
}

export async function startRunning(options: RunningOptions = {}): Promise<Running> {
  const database = await freshDatabase(undefined, options.databaseUri);
  await options.prepare?.(database);
  const double = await new TwilioDouble({
    accountSid: ACCOUNT_SID,
    authToken: AUTH_TOKEN,
    publicUrl: 'https://shuni.test',
  }).start();
  const config = readConfig({
    PORT: '0',
    PUBLIC_URL: 'https://shuni.test',
    TWILIO_ACCOUNT_SID: ACCOUNT_SID,
    TWILIO_AUTH_TOKEN: AUTH_TOKEN,
    TWILIO_SMS_FROM: SMS_SENDER,
    TWILIO_WHATSAPP_FROM: WHATSAPP_SENDER,
    TWILIO_SMS_PER_SECOND: '1000',
    TWILIO_WHATSAPP_PER_SECOND: '1000',
    TWILIO_API_URL: double.url,
    ...options.env,
  });
  const logged: string[] = [];
  const log: Logger = createLogger('debug', { write: (line: string) => void logged.push(line) });
  const start = (configured: Config, opened: Database): Promise<Service> =>
    startService(configured, { database: opened, close: () => Promise.resolve() }, log, { timings: FAST, ...options });
  const service = await start(config, database);
  double.options.deliverTo = service.url;
  const others: Service[] = [];
  const settled = (): Promise<void> => untilSettled(database);
  return {
    resident(number, channel = 'sms') {
      const prefix = channel === 'whatsapp' ? 'whatsapp:' : '';
      const to = prefix + (channel === 'whatsapp' ? WHATSAPP_SENDER : SMS_SENDER);
      return new Resident(double, prefix + number, to, settled);
    },
    settled,
    service,
    double,
    database,
    config,
    logged,
    async another(changed = {}) {
      const twilio = config.twilio && { ...config.twilio, ...changed.twilio };
      const other = await start({ ...config, ...(twilio && { twilio }) }, changed.database ?? database);
      others.push(other);
      return other;
    },
    async stop() {
      await Promise.all([service, ...others].map((one) => one.stop()));
      await double.stop();
      await database.drop();
    },
  };
}

/** Rejects with what is still open: states only, so that a failure says where it got stuck. */
async function untilSettled({ inbound }: Database): Promise<void> {
  const open = { queue: { $exists: true } };
  try {
    await until(async () => (await inbound.model.collection.countDocuments(open)) === 0, 20_000);
  } catch {
    const rows = await inbound.model.collection.find(open).toArray();
    const told = rows.map(
      ({ direction, state, detail = '' }) => `${direction as string} ${state as string} ${detail as string}`,
    );
    throw new Error(`Still open: ${told.join(', ')}`);
  }
}
