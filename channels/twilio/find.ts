import type { MessageInstance } from 'twilio/lib/rest/api/v2010/account/message.js';
import type { OutgoingMessage } from '../channel.ts';
import { plainIfCheaper } from './gsm7.ts';
import { codeOf } from './outcome.ts';
import type { Owners } from './owners.ts';
import { bodyOf, type Sending } from './send.ts';

/** Twilio stamps whole seconds by its own clock. */
const BEFORE_MS = 10_000;
/** An attempt ends after 30 s; what it caused is made by then. */
const AFTER_MS = 120_000;
/** Pages of one person's messages to look through before giving up. */
const MAX_PAGES = 10;

/** What this process knows about whose a sid is, by ref. */
export interface Claims {
  /** For certain: from our own accepted sends and from status callbacks. */
  owners: Owners;
  /** Found here before, and offered to the outbox to adopt. */
  offered: Owners;
}

/**
 * Looks for a message of unknown fate in Twilio's list: same addresses and text, made within the attempt's window, not known to
 * belong to another row; the oldest of several. Asked again for the same row, its first answer was not adopted (another row has
 * it), and the next is offered. Twilio's records do not carry our ref: docs/decisions/twilio-reconciling.md says why this is
 * safe. Null: Twilio has no such message. Throws when it cannot tell, an error with nothing personal in it.
 */
export async function findMessage(
  sending: Sending,
  message: OutgoingMessage,
  attemptedAt: Date,
  { owners, offered }: Claims,
): Promise<{ providerId: string } | null> {
  const from = message.from === '' || message.from.startsWith('MG') ? {} : { from: sending.prefix + message.from };
  const made = await listWindow(sending, { to: sending.prefix + message.to, ...from }, attemptedAt);
  const own = made.find(({ sid }) => owners.of(sid) === message.ref);
  if (own) return { providerId: own.sid };
  const free = made.filter(
    ({ sid }) => owners.of(sid) === undefined && [undefined, message.ref].includes(offered.of(sid)),
  );
  if (message.template) return nothingOrThrow(free);
  const bodies = new Set([message.text, bodyOf(sending, message)].map(comparable));
  const oldestFirst = free.filter(({ body }) => bodies.has(comparable(body))).reverse();
  const match = oldestFirst.find(({ sid }) => offered.of(sid) === undefined) ?? oldestFirst[0];
  if (match === undefined) return null;
  offered.note(match.sid, message.ref);
  return { providerId: match.sid };
}

/** A template's rendered text is not ours to know, so only the absence of any message is certain. */
function nothingOrThrow(free: readonly MessageInstance[]): null {
  if (free.length === 0) return null;
  throw new Error('a template cannot be told from other messages');
}

/** `listMessages`, but an error of the SDK or of axios, which holds addresses and credentials, ends here. */
async function* listed(sending: Sending, filter: { to: string; from?: string }): AsyncGenerator<MessageInstance[]> {
  let code: string;
  try {
    yield* sending.rest.listMessages(filter);
    return;
  } catch (error) {
    code = codeOf(error);
  }
  throw new Error(`the message list could not be read: ${code}`);
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
  for await (const page of listed(sending, filter)) {
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
