import type { MessageInstance } from 'twilio/lib/rest/api/v2010/account/message.js';
import type { OutgoingMessage } from '../channel.ts';
import { plainIfCheaper } from './gsm7.ts';
import { bodyOf, type Sending } from './send.ts';

/** Twilio stamps whole seconds by its own clock. */
const BEFORE_MS = 10_000;
/** An attempt ends after 30 s; what it caused is made by then. */
const AFTER_MS = 120_000;
/** Pages of one person's messages to look through before giving up. */
const MAX_PAGES = 10;

/** Sids known to belong to a row, by ref: from our own accepted sends and from status callbacks. */
export type OwnerOf = (sid: string) => string | undefined;

/**
 * Looks for a message of unknown fate in Twilio's list: same addresses and text, made within the attempt's window, not known to
 * belong to another row; the oldest of several. Twilio's records do not carry our ref, see
 * docs/decisions for why this is safe. Null: Twilio has no such message. Throws when it cannot tell.
 */
export async function findMessage(
  sending: Sending,
  message: OutgoingMessage,
  attemptedAt: Date,
  ownerOf: OwnerOf,
): Promise<{ providerId: string } | null> {
  const from = message.from === '' || message.from.startsWith('MG') ? {} : { from: sending.prefix + message.from };
  const candidates = await listWindow(sending, { to: sending.prefix + message.to, ...from }, attemptedAt);
  const free = candidates.filter(({ sid }) => [undefined, message.ref].includes(ownerOf(sid)));
  const own = free.find(({ sid }) => ownerOf(sid) === message.ref);
  if (own) return { providerId: own.sid };
  if (message.template) return nothingOrThrow(free);
  const bodies = new Set([message.text, bodyOf(sending, message)].map(comparable));
  const match = free.filter(({ body }) => bodies.has(comparable(body))).at(-1);
  return match ? { providerId: match.sid } : null;
}

/** A template's rendered text is not ours to know, so only the absence of any message is certain. */
function nothingOrThrow(free: readonly MessageInstance[]): null {
  if (free.length === 0) return null;
  throw new Error('a template cannot be told from other messages');
}

/** Outbound messages of the attempt's window, newest first as Twilio lists them. */
async function listWindow(
  sending: Sending,
  filter: { to: string; from?: string },
  attemptedAt: Date,
): Promise<MessageInstance[]> {
  const since = attemptedAt.getTime() - BEFORE_MS;
  const found: MessageInstance[] = [];
  let pages = 0;
  for await (const page of sending.rest.listMessages(filter)) {
    pages += 1;
    const made = page.map((message) => ({ message, at: message.dateCreated.getTime() }));
    const inWindow = made.filter(({ at }) => at >= since && at <= attemptedAt.getTime() + AFTER_MS);
    found.push(...inWindow.map(({ message }) => message).filter(({ direction }) => direction !== 'inbound'));
    if (made.some(({ at }) => at < since)) return found;
    if (pages >= MAX_PAGES) throw new Error('too many messages to look through');
  }
  return found;
}

/** Twilio may trim, collapse or replace white space and typography; what a reader sees stays. */
function comparable(text: string | null | undefined): string {
  return plainIfCheaper(text ?? '')
    .normalize('NFC')
    .replace(/\s+/g, ' ')
    .trim();
}
