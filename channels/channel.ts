import type { Router } from 'express';
import type { Readable } from 'node:stream';
import type { ChannelName, Choice, DeliveryStatus, MediaKind, SendFailure } from '../models/vocabulary.ts';

/**
 * The contract between a channel (transport only) and the rest of Shuni. A provider is one folder beside this file and one
 * line in bot/providers.ts; docs/how-to/add-a-channel.md walks through it.
 */

/** A message from a resident as a channel understood it. Plain addresses live in memory only, never in a row or a log. */
export interface InboundMessage {
  channel: ChannelName;
  /** Unique within the channel: a second delivery with the same id is a no-op. */
  providerId: string;
  /** The writer's address: E.164 number, WhatsApp business-scoped id, short code, name, web chat user id. */
  address: string;
  /** Further addresses the provider says belong to the same person (a business-scoped id beside a phone number). */
  aliases: string[];
  /** Our address it was written to. Replies leave from it. */
  sender: string;
  text: string;
  /** Id of the choice whose button or list row was pressed. */
  choice?: string;
  media: InboundMedia[];
  location?: { latitude: number; longitude: number; label?: string };
  /** providerId of the message it answers to. */
  replyTo?: string;
  /** The provider has already handled an opt-out word (and answered it). */
  optOut?: 'stop' | 'start' | 'help';
}

export interface InboundMedia {
  mediaId: string;
  contentType: string;
  kind: MediaKind;
}

/** News about a message we sent. `ref` is our message id as we handed it to the provider; `providerId` the provider's own. */
export interface Receipt {
  channel: ChannelName;
  providerId: string;
  ref?: string;
  status: DeliveryStatus;
  failure?: SendFailure;
  /** The provider's own error code, for staff. */
  code?: string;
}

/** Where a provider's routes hand over what they have verified. Both reject when the database is away: answer 503. */
export interface Intake {
  accept(message: InboundMessage): Promise<'accepted' | 'duplicate'>;
  receipt(receipt: Receipt): Promise<void>;
}

/** One message as it leaves: one row of the outbox, one call to the provider. */
export interface OutgoingMessage {
  ref: string;
  to: string;
  from: string;
  text: string;
  /** Offered as buttons or a list where the channel can; `text` already reads well without them when `numbered`. */
  choices?: Choice[];
  /** An approved template instead of free text, when the free-text window is closed. */
  template?: { id: string; variables: Record<string, string> };
}

/** What became of a send attempt. Only the outbox decides what to do about it. */
export type SendOutcome =
  | { kind: 'accepted'; providerId: string }
  | { kind: 'not-sent'; failure: 'busy' | 'provider-unreachable'; retryAfterMs?: number; code?: string }
  | { kind: 'refused'; failure: Exclude<SendFailure, 'busy' | 'provider-unreachable'>; code?: string }
  /** It may or may not have gone out: never send again blindly. */
  | { kind: 'unknown'; detail: string };

/** What a channel is like; decisions that depend on a channel read this and never its name. */
export interface ChannelPolicy {
  /** Hours after the person's last message in which free text may be sent; null: always. */
  windowHours: number | null;
  /** The provider confirms STOP itself and blocks us: stay silent. */
  optOutConfirmedByProvider: boolean;
  /** Short texts: every character costs (SMS). */
  short: boolean;
  /** Messages per second and sender. */
  perSecond: number;
  /** A second send with the same ref reaches nobody twice, so what is of unknown fate is simply sent again. */
  dedupesByRef?: boolean;
}

/** One part of a text after splitting, ready to become an outbox row. */
export interface Part {
  text: string;
  choices?: Choice[];
}

export interface Channel {
  readonly name: ChannelName;
  readonly policy: ChannelPolicy;
  /** Pure. Splits at graphemes within the channel's limits; writes choices as a numbered list where there are no buttons. */
  parts(text: string, choices?: readonly Choice[]): Part[];
  /** One attempt. Never throws for a provider's answer; resolves `unknown` when in doubt. */
  send(message: OutgoingMessage, signal: AbortSignal): Promise<SendOutcome>;
  /** Looks for a message of unknown fate in the provider's own records. Null: not there. Throws when it cannot tell. */
  find?(message: OutgoingMessage, attemptedAt: Date): Promise<{ providerId: string } | null>;
  /** Opens an attached thing at the provider. Throws MediaError. */
  openMedia?(
    media: { providerId: string; mediaId: string },
    signal: AbortSignal,
  ): Promise<{ body: Readable; contentType: string }>;
  /** Deletes an attached thing at the provider, once it is ours. Deleting what is gone is success. */
  removeMedia?(media: { providerId: string; mediaId: string }): Promise<void>;
}

/** A provider: its channels and the routes it answers, mounted at `/` by bot/server.ts. */
export interface Provider {
  channels: Channel[];
  routes: Router;
}

/** Why media could not be opened; `retry` says whether later may help. */
export class MediaError extends Error {
  readonly reason: 'not-found' | 'refused' | 'too-large' | 'timeout' | 'provider';
  readonly retry: boolean;
  constructor(reason: MediaError['reason'], message: string, retry: boolean) {
    super(message);
    this.reason = reason;
    this.retry = retry;
  }
}
