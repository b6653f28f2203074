import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { playCallbacks, postStatus, type CallbackPlan } from './callbacks.ts';
import { Faults, type Fault, type Target } from './faults.ts';
import { deliverInbound, type Delivery, type InboundPost, type InboundTarget } from './inbound.ts';
import { Ledger, type ContentResource, type LedgerMessage } from './ledger.ts';
import { apiError, createMessage, listMessages, messageJson, type ApiAnswer } from './messages-api.ts';

export interface DoubleOptions {
  accountSid: string;
  authToken: string;
  /** Our service as configured (PUBLIC_URL). */
  publicUrl: string;
  /** Our service as reachable from here, when that is another origin. */
  deliverTo?: string;
  port?: number;
  /** Media is served after one redirect, as Twilio does. */
  mediaRedirect?: boolean;
  callbacks?: CallbackPlan | null;
  /** Where faults come from; default: those asked for by name, or by chance. */
  faults?: Faults;
  retryDelayMs?: number;
}

/** Twilio's API on loopback: takes messages, keeps a ledger, posts signed webhooks, fails on demand. */
export class TwilioDouble {
  readonly ledger = new Ledger();
  readonly faults: Faults;
  /** How accepted messages are called back; null: not at all. */
  callbacks: CallbackPlan | null;
  readonly options: DoubleOptions;
  /** Every REST request: method, path, whether credentials came with it. */
  readonly requests: { method: string; path: string; authorized: boolean }[] = [];
  private readonly server: Server;
  private readonly playing = new Set<Promise<void>>();

  constructor(options: DoubleOptions) {
    this.options = options;
    this.callbacks = options.callbacks ?? null;
    this.faults = options.faults ?? new Faults();
    this.server = createServer((request, response) => {
      this.handle(request, response).catch(() => response.destroy());
    });
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(this.options.port ?? 0, '127.0.0.1', resolve));
    return this;
  }

  async stop(): Promise<void> {
    this.callbacks = null;
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** What TWILIO_API_URL is set to. */
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** A resident's message, posted and signed, with Twilio's retries. */
  deliver(post: InboundPost): Promise<Delivery> {
    return deliverInbound(this.target(), post);
  }

  /** One status callback for an accepted message. */
  status(message: LedgerMessage, status: string, errorCode?: string): Promise<number> {
    return postStatus(this.target(), message, status, errorCode);
  }

  /** Resolves when all callbacks under way have been posted. */
  async settled(): Promise<void> {
    while (this.playing.size > 0) await Promise.all(this.playing);
  }

  private target(): InboundTarget {
    const { accountSid, authToken, publicUrl, deliverTo, retryDelayMs } = this.options;
    const { ledger, url: origin } = this;
    return { accountSid, authToken, publicUrl, deliverTo, retryDelayMs: retryDelayMs ?? 10, ledger, origin };
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url);
    const body = await bodyOf(request);
    if (url.pathname.startsWith('/__')) {
      answer(response, await this.control(url.pathname, body));
      return;
    }
    const authorized = request.headers.authorization === this.credentials();
    const method = request.method ?? 'GET';
    this.requests.push({ method, path: url.pathname, authorized });
    if (url.pathname.startsWith('/cdn/')) {
      this.serveMedia(response, url.pathname.slice('/cdn/'.length), true);
      return;
    }
    if (!authorized) {
      answer(response, apiError(401, 20003, 'Authenticate'));
      return;
    }
    await this.route(method, url, body, response);
  }

  private async route(method: string, url: URL, body: string, response: ServerResponse): Promise<void> {
    const base = `/2010-04-01/Accounts/${this.options.accountSid}/Messages`;
    const media = /\/Messages\/(\w+)\/Media\/(\w+)$/.exec(url.pathname);
    if (method === 'POST' && url.pathname === `${base}.json`) return this.create(body, response);
    if (method === 'GET' && url.pathname === `${base}.json`) {
      return this.faulty('list', response, () => listMessages(this.ledger, this.options.accountSid, url.searchParams));
    }
    if (method === 'POST' && url.pathname === '/v1/Content') {
      return this.faulty('content', response, () => this.createContent(body));
    }
    if (media && url.pathname.startsWith(base)) return this.media(method, `${media[1]}/${media[2]}`, response);
    answer(response, apiError(404, 20404, 'The requested resource was not found'));
  }

  private async create(body: string, response: ServerResponse): Promise<void> {
    const fault = this.faults.take('create');
    if (await strikesBefore(fault, response)) return;
    const message = createMessage(this.ledger, new URLSearchParams(body), new Date());
    if ('status' in message) {
      answer(response, message);
      return;
    }
    this.ledger.messages.push(message);
    const plan = this.callbacks;
    const early = plan?.early === true ? plan.statuses[0] : undefined;
    if (early !== undefined) await this.status(message, early);
    this.answerCreated(fault, response, message);
    if (plan) this.play(message, plan, early === undefined ? 0 : 1);
  }

  private answerCreated(fault: Fault | null, response: ServerResponse, message: LedgerMessage): void {
    const made = { ...messageJson(this.options.accountSid, message), ...(fault?.kind === 'no-sid' && { sid: null }) };
    if (fault?.kind === 'drop-after') response.destroy();
    else if (fault?.kind === 'error-after') answer(response, apiError(fault.status, 20500, 'Internal Server Error'));
    else if (fault?.kind === 'garbled')
      response.writeHead(201, { 'content-type': 'application/json' }).end('{"sid": "SM');
    else answer(response, { status: 201, body: made });
  }

  private play(message: LedgerMessage, plan: CallbackPlan, from: number): void {
    const playing = playCallbacks(this.target(), message, plan, from).finally(() => this.playing.delete(playing));
    this.playing.add(playing);
  }

  private createContent(body: string): ApiAnswer {
    const request = JSON.parse(body) as { friendly_name: string; types: ContentResource['types'] };
    const sid = this.ledger.sid('HX');
    this.ledger.contents.set(sid, { sid, friendlyName: request.friendly_name, types: request.types });
    return { status: 201, body: { sid, account_sid: this.options.accountSid, ...request } };
  }

  private async media(method: string, key: string, response: ServerResponse): Promise<void> {
    if (await strikesBefore(this.faults.take('media'), response)) return;
    const item = this.ledger.media.get(key);
    if (item === undefined || item.removed) {
      answer(response, apiError(404, 20404, 'The requested resource was not found'));
    } else if (method === 'DELETE') {
      item.removed = true;
      response.writeHead(204).end();
    } else if (this.options.mediaRedirect === false) {
      this.serveMedia(response, key, false);
    } else {
      response.writeHead(307, { location: `/cdn/${key}` }).end();
    }
  }

  private serveMedia(response: ServerResponse, key: string, redirected: boolean): void {
    const item = this.ledger.media.get(key);
    if (item === undefined) {
      answer(response, apiError(404, 20404, redirected ? 'not on the CDN' : 'not found'));
      return;
    }
    item.gets += 1;
    response.writeHead(200, { 'content-type': item.contentType, 'content-length': item.body.length }).end(item.body);
  }

  /** For tests in another process: the ledger, deliveries, faults and callbacks over HTTP. */
  private async control(path: string, body: string): Promise<ApiAnswer> {
    if (path === '/__ledger') {
      const { messages } = this.ledger;
      return {
        status: 200,
        body: { messages, countByRef: this.ledger.countByRef(), contents: this.ledger.contents.size },
      };
    }
    const input: unknown = body === '' ? null : JSON.parse(body);
    if (path === '/__deliver') return { status: 200, body: await this.deliver(input as InboundPost) };
    if (path === '/__faults') this.faults.byChance(input as Parameters<Faults['byChance']>[0]);
    else if (path === '/__callbacks') this.callbacks = input as CallbackPlan | null;
    else return apiError(404, 20404, 'no such control');
    return { status: 200, body: {} };
  }

  private async faulty(target: Target, response: ServerResponse, work: () => ApiAnswer): Promise<void> {
    if (!(await strikesBefore(this.faults.take(target), response))) answer(response, work());
  }

  private credentials(): string {
    return `Basic ${Buffer.from(`${this.options.accountSid}:${this.options.authToken}`).toString('base64')}`;
  }
}

/** Plays what a fault does before anything is made. True: the request has been answered, or never will be. */
async function strikesBefore(fault: Fault | null, response: ServerResponse): Promise<boolean> {
  if (fault?.kind === 'delay') await new Promise((resolve) => setTimeout(resolve, fault.ms));
  if (fault?.kind === 'drop-before') {
    response.destroy();
    return true;
  }
  if (fault?.kind !== 'error-before') return false;
  if (fault.retryAfter !== undefined) response.setHeader('retry-after', fault.retryAfter);
  answer(response, apiError(fault.status, fault.code ?? 20500, 'as asked for'));
  return true;
}

function answer(response: ServerResponse, { status, body }: ApiAnswer): void {
  if (response.destroyed) return;
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
