import { z } from 'zod';

/** The whole configuration, read once. See README for what each variable means. */
export interface Config {
  production: boolean;
  port: number;
  host: string;
  publicUrl: string;
  mongodbUri?: string;
  dataDir: string;
  embeddedPort?: number;
  secretKeys?: { id: string; secret: Buffer }[];
  twilio?: TwilioConfig;
  roles: { web: boolean; worker: boolean };
  logLevel: string;
}

export interface TwilioConfig {
  accountSid: string;
  authToken: string;
  authTokenNext?: string;
  smsFrom?: string;
  whatsappFrom?: string;
  messagingServiceSid?: string;
  smsPerSecond: number;
  whatsappPerSecond: number;
  apiUrl: string;
}

/** Every problem of a configuration at once, one line each. */
export class ConfigError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(
      `The configuration has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:\n${problems.map((line) => `  - ${line}`).join('\n')}`,
    );
    this.problems = problems;
  }
}

const portNumber = (what: string): z.ZodType<number> =>
  z
    .string()
    .regex(/^\d{1,5}$/, `${what} must be a number from 0 to 65535`)
    .transform(Number)
    .refine((n) => n <= 65535, `${what} must be a number from 0 to 65535`);
const rate = z
  .string()
  .regex(/^\d+(\.\d+)?$/, 'must be a number of messages per second, such as 1 or 20')
  .transform(Number)
  .refine((n) => n > 0, 'must be more than 0');
const origin = z
  .string()
  .refine(isOrigin, 'must be an origin such as https://shuni.example.org, without a path')
  .transform((url) => new URL(url).origin);
const phone = z
  .string()
  .regex(
    /^(\+[1-9]\d{6,14}|\d{3,8}|[A-Za-z0-9 ]{1,11})$/,
    'must be a number such as +447700900123, a short code or a sender name',
  );

const schema = z.object({
  NODE_ENV: z.string().optional(),
  PORT: portNumber('PORT').optional(),
  HOST: z
    .string()
    .regex(/^[\w.:-]+$/, 'must be a host name or an IP address')
    .optional(),
  PUBLIC_URL: origin.optional(),
  MONGODB_URI: z
    .string()
    .regex(/^mongodb(\+srv)?:\/\/.+/, 'must start with mongodb:// or mongodb+srv://')
    .optional(),
  DATA_DIR: z.string().optional(),
  EMBEDDED_PORT: portNumber('EMBEDDED_PORT').optional(),
  SECRET_KEYS: z.string().optional(),
  TWILIO_ACCOUNT_SID: z
    .string()
    .regex(/^AC[0-9a-fA-F]{32}$/, 'must be AC followed by 32 hexadecimal digits (Twilio console, Account info)')
    .optional(),
  TWILIO_AUTH_TOKEN: z.string().min(8, 'is too short to be an auth token').optional(),
  TWILIO_AUTH_TOKEN_NEXT: z.string().min(8, 'is too short to be an auth token').optional(),
  TWILIO_SMS_FROM: phone.optional(),
  TWILIO_WHATSAPP_FROM: z
    .string()
    .regex(/^(whatsapp:)?\+[1-9]\d{6,14}$/, 'must be a number such as +447700900123')
    .transform((from) => from.replace('whatsapp:', ''))
    .optional(),
  TWILIO_MESSAGING_SERVICE_SID: z
    .string()
    .regex(/^MG[0-9a-fA-F]{32}$/, 'must be MG followed by 32 hexadecimal digits')
    .optional(),
  TWILIO_SMS_PER_SECOND: rate.optional(),
  TWILIO_WHATSAPP_PER_SECOND: rate.optional(),
  TWILIO_API_URL: origin.optional(),
  ROLES: z.string().optional(),
  LOG_LEVEL: z
    .enum(
      ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
      'must be one of fatal, error, warn, info, debug, trace, silent',
    )
    .optional(),
});
type Read = z.infer<typeof schema>;

/**
 * Reads the configuration out of an environment. Pure: nothing else is looked at, nothing is kept.
 * An empty variable counts as unset. Throws ConfigError with every problem.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ''));
  const parsed = schema.safeParse(set);
  const problems = parsed.success
    ? []
    : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  const keys = collect(problems, 'SECRET_KEYS', () => readKeys(set['SECRET_KEYS']));
  const roles = collect(problems, 'ROLES', () => readRoles(set['ROLES']));
  problems.push(...together(set));
  if (!parsed.success || problems.length > 0 || !roles) throw new ConfigError(problems);
  const read = parsed.data;
  const twilio = readTwilio(read);
  return {
    ...withDefaults(read),
    roles,
    ...(read.MONGODB_URI && { mongodbUri: read.MONGODB_URI }),
    ...(read.EMBEDDED_PORT !== undefined && { embeddedPort: read.EMBEDDED_PORT }),
    ...(keys && { secretKeys: keys }),
    ...(twilio && { twilio }),
  };
}

type Defaulted = Pick<Config, 'production' | 'port' | 'host' | 'publicUrl' | 'dataDir' | 'logLevel'>;

function withDefaults(read: Read): Defaulted {
  const port = read.PORT ?? 3000;
  return {
    production: read.NODE_ENV === 'production',
    port,
    host: read.HOST ?? '127.0.0.1',
    publicUrl: read.PUBLIC_URL ?? `http://localhost:${port}`,
    dataDir: read.DATA_DIR ?? './data',
    logLevel: read.LOG_LEVEL ?? 'info',
  };
}

function readTwilio(read: Read): TwilioConfig | undefined {
  if (!read.TWILIO_ACCOUNT_SID || !read.TWILIO_AUTH_TOKEN) return undefined;
  return {
    accountSid: read.TWILIO_ACCOUNT_SID,
    authToken: read.TWILIO_AUTH_TOKEN,
    ...(read.TWILIO_AUTH_TOKEN_NEXT && { authTokenNext: read.TWILIO_AUTH_TOKEN_NEXT }),
    ...(read.TWILIO_SMS_FROM && { smsFrom: read.TWILIO_SMS_FROM }),
    ...(read.TWILIO_WHATSAPP_FROM && { whatsappFrom: read.TWILIO_WHATSAPP_FROM }),
    ...(read.TWILIO_MESSAGING_SERVICE_SID && { messagingServiceSid: read.TWILIO_MESSAGING_SERVICE_SID }),
    smsPerSecond: read.TWILIO_SMS_PER_SECOND ?? 1,
    whatsappPerSecond: read.TWILIO_WHATSAPP_PER_SECOND ?? 20,
    apiUrl: read.TWILIO_API_URL ?? 'https://api.twilio.com',
  };
}

/** Variables that only make sense together. */
function together(set: Record<string, string | undefined>): string[] {
  const problems: string[] = [];
  const twilio = Object.keys(set).filter((name) => name.startsWith('TWILIO_'));
  for (const name of ['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN']) {
    if (twilio.length > 0 && !set[name]) problems.push(`${name}: is needed because ${twilio[0]} is set`);
  }
  if (set['TWILIO_ACCOUNT_SID'] && !set['TWILIO_SMS_FROM'] && !set['TWILIO_WHATSAPP_FROM']) {
    problems.push('TWILIO_SMS_FROM, TWILIO_WHATSAPP_FROM: set at least one sender, or unset TWILIO_ACCOUNT_SID');
  }
  if (set['NODE_ENV'] === 'production') {
    if (!set['SECRET_KEYS'])
      problems.push('SECRET_KEYS: is needed in production; make one with: echo "k1:$(openssl rand -base64 32)"');
    if (!set['PUBLIC_URL'])
      problems.push('PUBLIC_URL: is needed in production; provider signatures are checked against it');
  }
  return problems;
}

function readKeys(text: string | undefined): Config['secretKeys'] {
  if (!text) return undefined;
  const keys = text.split(',').map((entry, i) => readKey(entry.trim(), i));
  if (new Set(keys.map((key) => key.id)).size !== keys.length) throw new Error('two keys have the same id');
  return keys;
}

/** Never puts the secret itself into a message. */
function readKey(entry: string, index: number): { id: string; secret: Buffer } {
  const [, id, base64] = /^([A-Za-z0-9_-]{1,32}):([A-Za-z0-9+/_-]+={0,2})$/.exec(entry) ?? [];
  if (!id || !base64) throw new Error(`key ${index + 1} is not of the form id:base64`);
  const secret = Buffer.from(base64, 'base64');
  if (secret.length !== 32) throw new Error(`key "${id}" holds ${secret.length} bytes, 32 are needed`);
  return { id, secret };
}

function readRoles(text: string | undefined): Config['roles'] {
  const names = (text ?? 'web,worker').split(',').map((name) => name.trim());
  const unknown = names.filter((name) => name !== 'web' && name !== 'worker');
  if (unknown.length > 0) throw new Error(`"${unknown.join(', ')}" is not a role; use web, worker or web,worker`);
  return { web: names.includes('web'), worker: names.includes('worker') };
}

function collect<T>(problems: string[], name: string, read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    problems.push(`${name}: ${(error as Error).message}`);
    return undefined;
  }
}

function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return /^https?:$/.test(url.protocol) && url.pathname === '/' && !url.search && !url.hash && !url.username;
}
