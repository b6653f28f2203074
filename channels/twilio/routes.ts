import { Router, type NextFunction, type Request, type Response } from 'express';
import { parseForm, type Form } from './form.ts';
import { channelOf, inboundMessage } from './inbound.ts';
import { DEADLINES, WHATSAPP_PREFIX, bareAddress, type TwilioDeps, type TwilioOptions } from './options.ts';
import { readBody } from './read-body.ts';
import { createSignatureCheck, refOfQuery } from './signature.ts';
import { receiptOf } from './status.ts';

const MAX_BYTES = 64 * 1024;
const MAX_PARAMS = 200;
const FORM_TYPE = /^application\/x-www-form-urlencoded\s*(;\s*charset="?utf-?8"?\s*)?$/i;

/** Twilio ignores it, and an empty TwiML answers nothing to the resident. */
const EMPTY_TWIML = '<Response/>';

export const PATHS = {
  inbound: '/channels/twilio/inbound',
  fallback: '/channels/twilio/fallback',
  status: '/channels/twilio/status',
} as const;

/** Status to answer with, or 0 when the sender has gone. */
type Answer = 0 | 200 | 400 | 403 | 408 | 413 | 415 | 503;

/** What is left to do with a form that is certainly Twilio's. */
type Accept = (form: Form, query: string) => Promise<Answer>;

/**
 * The webhooks. Checks run in the spec's order: content type, size and count, signature, account and recipient, required
 * fields; then the intake. Errors end here: Express's own page would print the form.
 */
export function twilioRoutes(options: TwilioOptions, deps: TwilioDeps): Router {
  const deadlines = { ...DEADLINES, ...deps.deadlines };
  const signed = createSignatureCheck(options.publicUrl, [options.authToken, options.authTokenNext]);
  const routes = Router({ caseSensitive: true, strict: true });

  const answer = async (request: Request, path: string, accept: Accept): Promise<Answer> => {
    if (!FORM_TYPE.test(request.headers['content-type'] ?? '') || isEncoded(request)) return 415;
    const body = await readBody(request, MAX_BYTES, deadlines.body);
    if (body === 'aborted') return 0;
    if (body === 'too-slow') return 408;
    if (body === 'too-large') return 413;
    const form = parseForm(body, MAX_PARAMS);
    if (form.count > MAX_PARAMS) return 413;
    const query = queryOf(request);
    if (!signed({ path, query, header: request.get('x-twilio-signature'), form })) return 403;
    if (form.params['AccountSid'] !== options.accountSid) return 403;
    return within(deadlines.accept, accept(form, query));
  };

  const mount = (path: string, accept: Accept): void => {
    routes.all(path, (request: Request, response: Response) => {
      if (request.method !== 'POST') {
        response.writeHead(405, { allow: 'POST' }).end();
        return;
      }
      void answer(request, path, accept).then(
        (status) => {
          if (status >= 400) deps.log.warn({ path, status }, 'twilio webhook refused');
          reply(response, status);
        },
        (error: unknown) => {
          deps.log.error({ path, error: nameOf(error) }, 'twilio webhook could not be kept');
          reply(response, 503);
        },
      );
    });
  };

  mount(PATHS.inbound, inboundAccept(options, deps));
  mount(PATHS.fallback, inboundAccept(options, deps));
  mount(PATHS.status, statusAccept(deps));
  routes.use((error: unknown, _request: Request, response: Response, next: NextFunction) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    deps.log.error({ error: nameOf(error) }, 'twilio route failed');
    reply(response, 503);
  });
  return routes;
}

function inboundAccept(options: TwilioOptions, deps: TwilioDeps): Accept {
  const ours = recipientCheck(options);
  return async (form, query) => {
    if (query !== '' || !ours(form.params)) return 403;
    const message = inboundMessage(form.params);
    if (message === null) return 400;
    await deps.intake.accept(message);
    return 200;
  };
}

function statusAccept(deps: TwilioDeps): Accept {
  return async (form, query) => {
    const ref = refOfQuery(query);
    if (ref === null) return 403;
    const receipt = receiptOf(form.params, ref);
    if (receipt === null) return 400;
    if (receipt !== 'ignored') await deps.intake.receipt(receipt);
    return 200;
  };
}

/** Ours: a configured sender of a channel that is on, or any number of our messaging service. */
function recipientCheck(options: TwilioOptions): (params: Readonly<Record<string, string>>) => boolean {
  const senders = new Set<string>();
  if (options.smsFrom) senders.add(options.smsFrom);
  if (options.whatsappFrom) senders.add(WHATSAPP_PREFIX + bareAddress(options.whatsappFrom));
  const service = options.messagingServiceSid;
  return (params) => {
    const to = params['To'];
    if (to === undefined || to === '') return false;
    if (senders.has(to)) return true;
    return (
      service !== undefined && service !== '' && params['MessagingServiceSid'] === service && channelOf(to) === 'sms'
    );
  };
}

function isEncoded(request: Request): boolean {
  return (request.headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity';
}

function queryOf(request: Request): string {
  const at = request.originalUrl.indexOf('?');
  return at === -1 ? '' : request.originalUrl.slice(at);
}

/** Rejects when the work takes longer; the work itself goes on, and its repetition is a duplicate. */
async function within<Result>(ms: number, work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error('late'));
    }, ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function reply(response: Response, status: Answer): void {
  if (response.headersSent || response.destroyed || status === 0) return;
  if (status === 200) {
    response.writeHead(200, { 'content-type': 'text/xml', 'content-length': EMPTY_TWIML.length }).end(EMPTY_TWIML);
    return;
  }
  const early = status === 413 || status === 408 || status === 415;
  response.writeHead(status, { 'content-length': 0, ...(early && { connection: 'close' }) }).end();
}

/** An error's name and code: its message may hold what the resident wrote. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
