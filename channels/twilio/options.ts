import type { Logger } from 'pino';
import type { Intake } from '../channel.ts';

/** What an operator configures (spec: interface.md, TWILIO_*). */
export interface TwilioOptions {
  accountSid: string;
  authToken: string;
  /** Second token accepted while the account's token is being rotated. */
  authTokenNext?: string;
  /** E.164 number, short code or alphanumeric sender of the SMS channel. */
  smsFrom?: string;
  /** The WhatsApp sender's number, with or without `whatsapp:`. */
  whatsappFrom?: string;
  messagingServiceSid?: string;
  smsPerSecond: number;
  whatsappPerSecond: number;
  /** REST origin: the default, a regional edge, or a loopback double. */
  apiUrl: string;
  /** Origin under which Twilio reaches us; signatures are checked against it. */
  publicUrl: string;
}

/** Durable map from a shape of interactive message to the Content resource made for it. An empty sid means: none, make one. */
export interface ContentStore {
  get(key: string): Promise<string | undefined>;
  set(key: string, contentSid: string): Promise<void>;
}

/** Deadlines in milliseconds; tests shorten them. */
export interface TwilioDeadlines {
  /** A webhook's body must have arrived. */
  body: number;
  /** The intake must have answered, else 503 (spec: within 5 s). */
  accept: number;
  /** One call to the REST API. */
  send: number;
  /** One call to the Content API: a message waits for it. */
  content: number;
  /** Opening and reading one attached thing. */
  media: number;
}

export interface TwilioDeps {
  intake: Intake;
  log: Logger;
  now: () => Date;
  contents?: ContentStore;
  fetch?: typeof globalThis.fetch;
  deadlines?: Partial<TwilioDeadlines>;
}

export const DEADLINES: TwilioDeadlines = { body: 10_000, accept: 4000, send: 30_000, content: 5000, media: 30_000 };

export const DEFAULT_API_URL = 'https://api.twilio.com';

/** `whatsapp:` in front of an address is Twilio's way to name the channel. */
export const WHATSAPP_PREFIX = 'whatsapp:';

/** The address without its channel prefix. */
export function bareAddress(address: string): string {
  return address.startsWith(WHATSAPP_PREFIX) ? address.slice(WHATSAPP_PREFIX.length) : address;
}

/** True when the host is this machine: only then may a provider's double be spoken to without TLS. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}
