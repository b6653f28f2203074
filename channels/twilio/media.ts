import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { MediaError } from '../channel.ts';
import { isLoopback, type TwilioOptions } from './options.ts';

const MEDIA_SID = /^ME[0-9a-f]{32}$/i;
const MESSAGE_SID = /^(SM|MM)[0-9a-f]{32}$/i;
const MAX_REDIRECTS = 2;

export interface MediaAccess {
  options: Pick<TwilioOptions, 'accountSid' | 'authToken' | 'apiUrl'>;
  fetch: typeof globalThis.fetch;
  deadlineMs: number;
}

export interface MediaName {
  providerId: string;
  mediaId: string;
}

/**
 * Opens an attached thing. The URL is rebuilt from the ids; credentials go to the first hop only; redirects lead to Twilio's
 * media hosts only. The deadline covers the reading of the body too. Throws MediaError.
 */
export async function openMedia(
  access: MediaAccess,
  media: MediaName,
  signal: AbortSignal,
): Promise<{ body: Readable; contentType: string }> {
  const whole = AbortSignal.any([signal, AbortSignal.timeout(access.deadlineMs)]);
  let url = mediaUrl(access, media);
  let headers = credentials(access);
  for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
    const response = await call(access, url, { headers, signal: whole });
    if (response.status < 300 || response.status >= 400) return opened(response);
    await response.body?.cancel();
    url = redirected(access, url, response.headers.get('location'));
    headers = {};
  }
  throw new MediaError('refused', 'too many redirects', false);
}

/** Deletes an attached thing. Deleting what is gone is success. Throws MediaError. */
export async function removeMedia(access: MediaAccess, media: MediaName): Promise<void> {
  const signal = AbortSignal.timeout(access.deadlineMs);
  const response = await call(access, mediaUrl(access, media), {
    method: 'DELETE',
    headers: credentials(access),
    signal,
  });
  await response.body?.cancel();
  if (response.ok || response.status === 404 || response.status === 410) return;
  throw statusError(response.status);
}

function mediaUrl({ options }: MediaAccess, { providerId, mediaId }: MediaName): URL {
  if (!MESSAGE_SID.test(providerId) || !MEDIA_SID.test(mediaId)) {
    throw new MediaError('refused', 'not an id of Twilio media', false);
  }
  const path = `/2010-04-01/Accounts/${options.accountSid}/Messages/${providerId}/Media/${mediaId}`;
  return new URL(path, options.apiUrl);
}

function credentials({ options }: MediaAccess): Record<string, string> {
  const pair = Buffer.from(`${options.accountSid}:${options.authToken}`).toString('base64');
  return { authorization: `Basic ${pair}` };
}

async function call(access: MediaAccess, url: URL, init: RequestInit): Promise<Response> {
  try {
    return await access.fetch(url.href, { ...init, redirect: 'manual' });
  } catch (error) {
    const timedOut = (error as { name?: unknown } | null)?.name === 'TimeoutError';
    throw new MediaError(timedOut ? 'timeout' : 'provider', 'media host not reached', true);
  }
}

async function opened(response: Response): Promise<{ body: Readable; contentType: string }> {
  if (response.status === 200 && response.body) {
    const body = Readable.fromWeb(response.body as ReadableStream<Uint8Array>);
    return { body, contentType: response.headers.get('content-type') ?? '' };
  }
  await response.body?.cancel();
  throw statusError(response.status);
}

/** 404 may be too early: media appears a moment after its webhook. Credentials and rate limits may be mended; 403 and 410 not. */
function statusError(status: number): MediaError {
  if (status === 404) return new MediaError('not-found', 'media not there', true);
  if (status === 410) return new MediaError('not-found', 'media gone', false);
  if (status === 401) return new MediaError('refused', 'credentials refused', true);
  const retry = status >= 500 || status === 429 || status === 408;
  return new MediaError(retry ? 'provider' : 'refused', `media host answered ${status}`, retry);
}

function redirected({ options }: MediaAccess, from: URL, location: string | null): URL {
  if (location === null || !URL.canParse(location, from.href)) throw new MediaError('refused', 'bad redirect', false);
  const url = new URL(location, from);
  const api = new URL(options.apiUrl);
  if (isMediaHost(url) || (isLoopback(api.hostname) && url.origin === api.origin)) return url;
  throw new MediaError('refused', 'redirected away from Twilio', false);
}

/** Twilio's media hosts: its own, its CDN, and the older bucket it used. */
function isMediaHost({ protocol, username, password, port, hostname, pathname }: URL): boolean {
  if (protocol !== 'https:' || port !== '' || username !== '' || password !== '') return false;
  if (/(^|\.)(twilio\.com|twiliocdn\.com)$/.test(hostname)) return true;
  return hostname === 's3-external-1.amazonaws.com' && pathname.startsWith('/media.twiliocdn.com/');
}
