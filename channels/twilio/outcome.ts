import type { SendOutcome } from '../channel.ts';
import { ApiRefusal } from './api-refusal.ts';
import { failureOfCode } from './failures.ts';

const MESSAGE_SID = /^(SM|MM)[0-9a-f]{32}$/i;

/** What a 2xx answer to Messages.create says. Without a readable sid nobody knows whether a message was made. */
export function outcomeOfSid(sid: unknown): SendOutcome {
  if (typeof sid === 'string' && MESSAGE_SID.test(sid)) return { kind: 'accepted', providerId: sid };
  return { kind: 'unknown', detail: 'accepted-without-sid' };
}

/** What a failed call to Messages.create says (spec: channels.md, outcome table). In doubt: unknown. */
export function outcomeOfError(error: unknown, now: Date): SendOutcome {
  if (error instanceof ApiRefusal) return outcomeOfRefusal(error, now);
  const code = codeOf(error);
  if (neverLeft(error, code)) return { kind: 'not-sent', failure: 'provider-unreachable', code };
  return { kind: 'unknown', detail: code };
}

function outcomeOfRefusal(refusal: ApiRefusal, now: Date): SendOutcome {
  const { status, code, retryAfter } = refusal;
  if (status === 429 || (status === 503 && retryAfter !== undefined)) return notSent('busy', refusal, now);
  if (leavesOpen(status)) return { kind: 'unknown', detail: `http-${status}` };
  const failure = failureOfCode(code) ?? failureOfStatus(status);
  if (failure === 'busy' || failure === 'provider-unreachable') return notSent(failure, refusal, now);
  return { kind: 'refused', failure, ...(code !== undefined && { code }) };
}

/** Answers after which a message may exist all the same. */
function leavesOpen(status: number): boolean {
  return status < 400 || status >= 500 || status === 408;
}

function notSent(failure: 'busy' | 'provider-unreachable', { code, retryAfter }: ApiRefusal, now: Date): SendOutcome {
  const retryAfterMs = retryAfter === undefined ? undefined : millisecondsOf(retryAfter, now);
  return {
    kind: 'not-sent',
    failure,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(code !== undefined && { code }),
  };
}

/** A refusal with a code we do not know: credentials and account by their status, the rest is a request we built wrongly. */
function failureOfStatus(status: number): 'sender-blocked' | 'our-bug' {
  return [401, 402, 403, 404].includes(status) ? 'sender-blocked' : 'our-bug';
}

/** Retry-After in milliseconds: seconds or an HTTP date (RFC 9110 §10.2.3), never negative. */
function millisecondsOf(retryAfter: string, now: Date): number | undefined {
  const seconds = /^\s*\d+\s*$/.test(retryAfter) ? Number(retryAfter) : NaN;
  const ms = Number.isNaN(seconds) ? Date.parse(retryAfter) - now.getTime() : seconds * 1000;
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_FAIL',
  'EAI_NODATA',
  'EAI_NONAME',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'EPROTO',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'HOSTNAME_MISMATCH',
]);
const TLS_CODE = /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_)/;

/** True when the request cannot have reached Twilio: no name, no connection, or no secure channel. */
function neverLeft(error: unknown, code: string): boolean {
  if (UNREACHABLE.has(code) || TLS_CODE.test(code)) return true;
  const { syscall, message } = (error ?? {}) as { syscall?: unknown; message?: unknown };
  if (code === 'ETIMEDOUT' && syscall === 'connect') return true;
  return code === 'ECONNRESET' && String(message).includes('before secure TLS connection was established');
}

/** An error's code or name, never its message: axios puts the address and the text there. */
export function codeOf(error: unknown): string {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  return typeof code === 'string' ? code : typeof name === 'string' ? name : 'error';
}
