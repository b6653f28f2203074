import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openDatabase, type Database } from '../../models/database.ts';
import type { EmbeddedDatabase } from '../../models/embedded/start.ts';
import { Keyring } from '../../models/keyring.ts';
import { TwilioDouble } from '../support/twilio-double/double.ts';
import { Front } from './front.ts';
import type { Random } from './random.ts';
import * as settings from './settings.ts';
import { Slot } from './slot.ts';
import { Weather } from './weather.ts';

/** What a run plays on: database, provider, the places of the processes and what stands before them. */
export interface Stage {
  database: Database;
  keyring: Keyring;
  double: TwilioDouble;
  weather: Weather;
  slots: Slot[];
  front: Front;
  logFiles: string[];
  close(): Promise<void>;
}

export interface StageOptions {
  folder: string;
  processes: number;
  random: Random;
  /** A MongoDB-compatible server with the name of the database to use; unset: the embedded database in the folder. */
  mongodbUri?: string | undefined;
}

export async function setStage({ folder, processes, random, mongodbUri }: StageOptions): Promise<Stage> {
  const dataDir = join(folder, 'data');
  await mkdir(dataDir, { recursive: true });
  const keyring = new Keyring([settings.SECRET]);
  const embedded = mongodbUri === undefined ? await startBuilt(dataDir) : undefined;
  const database = await openDatabase(mongodbUri ?? embedded?.uri ?? '', keyring);
  const weather = new Weather(random.fork('weather'));
  const double = await new TwilioDouble({
    accountSid: settings.ACCOUNT_SID,
    authToken: settings.AUTH_TOKEN,
    publicUrl: settings.PUBLIC_URL,
    faults: weather,
  }).start();
  weather.double = double;
  const env = environment(double.url, dataDir, mongodbUri);
  const logFiles = Array.from({ length: processes }, (_unused, index) => join(folder, `service-${index}.log`));
  const slots = logFiles.map((file, index) => new Slot(index, env, file));
  const front = await new Front(() => slots.flatMap(({ port }) => port ?? [])).start();
  double.options.deliverTo = front.url;
  return {
    database,
    keyring,
    double,
    weather,
    slots,
    front,
    logFiles,
    async close() {
      await Promise.all(slots.map((slot) => slot.end('SIGKILL')));
      await front.stop();
      await double.stop();
      await database.close();
      await embedded?.close();
    },
  };
}

/** The built server, as the service starts it. */
async function startBuilt(dataDir: string): Promise<EmbeddedDatabase> {
  const built = new URL('../../dist/models/embedded/start.js', import.meta.url).href;
  const { startEmbedded } = (await import(built)) as {
    startEmbedded: (options: { dataDir: string }) => Promise<EmbeddedDatabase>;
  };
  return startEmbedded({ dataDir });
}

/** Everything a process knows; nothing of ours is inherited. */
function environment(apiUrl: string, dataDir: string, mongodbUri: string | undefined): NodeJS.ProcessEnv {
  return {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    PORT: '0',
    PUBLIC_URL: settings.PUBLIC_URL,
    DATA_DIR: dataDir,
    ...(mongodbUri !== undefined && { MONGODB_URI: mongodbUri }),
    SECRET_KEYS: `${settings.SECRET.id}:${settings.SECRET.secret.toString('base64')}`,
    TWILIO_ACCOUNT_SID: settings.ACCOUNT_SID,
    TWILIO_AUTH_TOKEN: settings.AUTH_TOKEN,
    TWILIO_SMS_FROM: settings.SMS_SENDER,
    TWILIO_WHATSAPP_FROM: settings.WHATSAPP_SENDER,
    TWILIO_SMS_PER_SECOND: '50',
    TWILIO_WHATSAPP_PER_SECOND: '50',
    TWILIO_API_URL: apiUrl,
    LOG_LEVEL: 'debug',
    SOAK_TIMINGS: JSON.stringify(settings.TIMINGS),
  };
}
