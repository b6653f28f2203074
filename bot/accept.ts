import type { Logger } from 'pino';
import type { InboundMessage } from '../channels/channel.ts';
import type { Conversations, Parties } from '../models/conversations.ts';
import type { Escalation, Escalations } from '../models/escalations.ts';
import { deriveId } from '../models/ids.ts';
import type { InboundMessages } from '../models/messages/inbound.ts';
import type { InboundRow } from '../models/messages/schema.ts';
import type { People } from '../models/people.ts';

/** What a screen found in a message; null when nothing. */
export type Screened = Pick<Escalation, 'urgency' | 'reason'> | null;

/** Looks at a message before the provider is answered. Pure; an error counts as "could not be screened", never as safe. */
export type Screen = (message: InboundMessage) => Screened;

export interface AcceptParts {
  people: People;
  conversations: Conversations;
  inbound: InboundMessages;
  escalations: Escalations;
  screens: readonly Screen[];
  order: () => number;
  now: () => Date;
  log: Logger;
  /** Told after the message is stored: somebody should take its turn. */
  stored(conversationId: string): void;
}

export type Accept = (message: InboundMessage) => Promise<'accepted' | 'duplicate'>;

/**
 * The accept path: screen, store under the provider's id, escalate if something was found. Rejects when the database is
 * away, so that the provider is told to come again. A second delivery is a no-op but for an escalation that a crash cut off.
 */
export function createAccept(parts: AcceptParts): Accept {
  return async (message) => {
    const screened = screenAll(parts, message);
    const { personId, addressId } = await parts.people.resolve(
      message.channel,
      message.address,
      message.aliases,
      parts.now(),
    );
    const row = toRow(message, personId, addressId, parts);
    const fresh = await parts.inbound.insert(row);
    if (screened) await escalate(parts, row, screened);
    if (fresh) parts.stored(row.conversationId);
    return fresh ? 'accepted' : 'duplicate';
  };
}

/** The conversation a message belongs to: one per person, channel and sender of ours. */
export function partiesOf(
  row: Pick<InboundRow, 'conversationId' | 'personId' | 'addressId' | 'channel' | 'sender'>,
): Parties {
  return {
    _id: row.conversationId,
    personId: row.personId,
    addressId: row.addressId,
    channel: row.channel,
    sender: row.sender,
  };
}

const URGENCY = ['U', 'P2', 'P1', 'P0'] as const;

/** The most urgent of what all screens found. */
function screenAll(parts: AcceptParts, message: InboundMessage): Screened {
  let worst: Screened = null;
  for (const screen of parts.screens) {
    const found = screenOnce(parts, screen, message);
    if (found && (!worst || URGENCY.indexOf(found.urgency) > URGENCY.indexOf(worst.urgency))) worst = found;
  }
  return worst;
}

function screenOnce(parts: AcceptParts, screen: Screen, message: InboundMessage): Screened {
  try {
    return screen(message);
  } catch (error) {
    parts.log.error(
      { err: error, channel: message.channel },
      'a screen failed; the message goes to a person unscreened',
    );
    return { urgency: 'U', reason: 'screen-failed' };
  }
}

async function escalate(parts: AcceptParts, row: InboundRow, screened: NonNullable<Screened>): Promise<void> {
  const { conversationId, personId, _id: messageId } = row;
  await parts.escalations.raise({
    _id: deriveId(messageId, 'escalation'),
    conversationId,
    personId,
    messageId,
    ...screened,
    state: 'waiting',
    raisedAt: row.receivedAt,
  });
  await parts.conversations.await(partiesOf(row), row.receivedAt);
}

function toRow(message: InboundMessage, personId: string, addressId: string, parts: AcceptParts): InboundRow {
  const conversationId = deriveId(personId, message.channel, message.sender);
  return {
    _id: deriveId(message.channel, message.providerId),
    conversationId,
    personId,
    addressId,
    direction: 'in',
    channel: message.channel,
    sender: message.sender,
    providerId: message.providerId,
    text: message.text,
    media: message.media.map((item) => ({ ...item, state: 'pending' as const, attempts: 0, nextAt: parts.now() })),
    ...(message.choice !== undefined && { choice: message.choice }),
    ...(message.location && { location: message.location }),
    ...(message.replyTo && { replyTo: message.replyTo }),
    ...(message.optOut && { optOut: message.optOut }),
    order: parts.order(),
    queue: 'inbox',
    state: 'received',
    receivedAt: parts.now(),
  };
}
