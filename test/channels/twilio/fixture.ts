import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { pino } from 'pino';
import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js';
import type { InboundMessage, Intake, Receipt } from '../../../channels/channel.ts';
import type { TwilioDeadlines, TwilioOptions } from '../../../channels/twilio/options.ts';
import { createTwilio } from '../../../channels/twilio/provider.ts';

export const ACCOUNT = `AC${'a'.repeat(32)}`;
export const TOKEN = 'token-of-today';
export const NEXT_TOKEN = 'token-of-tomorrow';
export const PUBLIC_URL = 'https://shuni.example.org';
export const OUR_SMS = '+442079460000';
export const OUR_WHATSAPP = '+442079460001';
export const RESIDENT = '+447700900123';

export const OPTIONS: TwilioOptions = {
  accountSid: ACCOUNT,
  authToken: TOKEN,
  authTokenNext: NEXT_TOKEN,
  smsFrom: OUR_SMS,
  whatsappFrom: OUR_WHATSAPP,
  smsPerSecond: 1,
  whatsappPerSecond: 20,
  apiUrl: 'https://api.twilio.com',
  publicUrl: PUBLIC_URL,
};

export function sid(prefix: string, number: number): string {
  return prefix + number.toString(16).padStart(32, '0');
}

/** The least that Twilio sends for a message. */
export function inboundParams(extra: Record<string, string> = {}): Record<string, string> {
  return { MessageSid: sid('SM', 1), AccountSid: ACCOUNT, From: RESIDENT, To: OUR_SMS, ...extra };
}

export interface Service {
  url: string;
  accepted: InboundMessage[];
  receipts: Receipt[];
  logged: string[];
  server: Server;
  /** Put another function here to make the intake fail. */
  intake: {
    accept: (message: InboundMessage) => Promise<'accepted' | 'duplicate'>;
    receipt: (receipt: Receipt) => Promise<void>;
  };
  stop(): Promise<void>;
}

/** The provider's routes on a real server, with an intake that remembers. */
export async function startService(
  options: Partial<TwilioOptions> = {},
  deadlines: Partial<TwilioDeadlines> = {},
): Promise<Service> {
  const accepted: InboundMessage[] = [];
  const receipts: Receipt[] = [];
  const logged: string[] = [];
  const intake: Service['intake'] = {
    accept: (message: InboundMessage) => {
      const known = accepted.some(({ providerId }) => providerId === message.providerId);
      if (!known) accepted.push(message);
      return Promise.resolve(known ? 'duplicate' : 'accepted');
    },
    receipt: (receipt: Receipt) => {
      receipts.push(receipt);
      return Promise.resolve();
    },
  };
  const log = pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) });
  // Looked up at each call, so that a test can put another intake in its place.
  const through: Intake = {
    accept: (message) => intake.accept(message),
    receipt: (receipt) => intake.receipt(receipt),
  };
  const provider = createTwilio({ ...OPTIONS, ...options }, { intake: through, log, now: () => new Date(), deadlines });
  const server = createServer(express().use(provider.routes));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url, accepted, receipts, logged, server, intake, stop };
}

export interface Post {
  path?: string;
  params?: Record<string, string>;
  /** The body as sent, when it is not the encoded parameters. */
  raw?: string | Uint8Array;
  token?: string;
  /** What was signed, when it is not the public URL and path. */
  signedUrl?: string;
  headers?: Record<string, string>;
  method?: string;
}

/** Posts a form, signed as Twilio does. */
export async function post(
  service: Service,
  options: Post = {},
): Promise<{ status: number; text: string; headers: Headers }> {
  const path = options.path ?? '/channels/twilio/inbound';
  const params = options.params ?? inboundParams();
  const signature = getExpectedTwilioSignature(options.token ?? TOKEN, options.signedUrl ?? PUBLIC_URL + path, params);
  const method = options.method ?? 'POST';
  const bodyless = method === 'GET' || method === 'HEAD';
  const response = await fetch(service.url + path, {
    method,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-twilio-signature': signature,
      ...options.headers,
    },
    ...(!bodyless && { body: (options.raw ?? new URLSearchParams(params).toString()) as string }),
  });
  return { status: response.status, text: await response.text(), headers: response.headers };
}
