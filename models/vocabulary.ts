/**
 * The closed vocabularies that more than one folder speaks. Plain types only: every folder may import this file.
 */

/** The name of a channel, as its folder registers it: `sms`, `whatsapp`, `webchat`. */
export type ChannelName = string;

/** ISO 639-3 code of a language, with the script where a language is written in more than one: `eng`, `ben`, `syl-Latn`. */
export type LanguageCode = string;

/** Who answers in a conversation. The bot speaks on the interview only while it is the holder. */
export type Holder = 'bot' | 'waiting' | 'staff';

/**
 * Why an outbound message exists, most urgent first. It decides priority, whether opt-out stops it, and whether a message
 * whose fate is unknown may be repeated (channels/outbox/purposes.ts).
 */
export type Purpose = 'opt-out-ack' | 'safeguarding' | 'staff' | 'reply' | 'follow-up';

/**
 * The life of an outbound row.
 * `queued` may be claimed; `leased` is being sent by the holder of its fence; `unknown` may or may not have gone out and is being
 * reconciled; `held` waits for a person or a template; the rest is what the provider told us, or our decision not to send.
 */
export type OutboundState =
  | 'queued'
  | 'leased'
  | 'unknown'
  | 'held'
  | 'accepted'
  | 'sent'
  | 'delivered'
  | 'read'
  | 'undelivered'
  | 'failed'
  | 'dropped';

/** States in which a row still stands in the way of the later ones of its conversation. */
export const OPEN_STATES = ['queued', 'leased', 'unknown'] as const satisfies readonly OutboundState[];

/** What a provider tells about a message it has accepted. Only ever rises: accepted < sent < delivered < read. */
export type DeliveryStatus = 'accepted' | 'sent' | 'delivered' | 'read' | 'undelivered' | 'failed';

/** Why a provider will not take or did not deliver a message. Provider codes map to these in one table per provider. */
export type SendFailure =
  | 'busy' // try again later: rate limit, overload
  | 'provider-unreachable' // nothing left this machine: refused connection, DNS, TLS
  | 'opted-out'
  | 'address-unreachable'
  | 'window-closed'
  | 'sender-blocked' // credentials, sender or region: nothing from this sender will go out
  | 'content-refused' // filtered or refused by carrier or policy; staff must see it
  | 'our-bug';

/** Why a row was not sent, decided by us at the last moment. */
export type DropReason =
  'opted-out' | 'person-holds' | 'window-closed' | 'expired' | 'erased' | 'address-unreachable' | 'superseded';

/** What became of an inbound message. Every stored inbound message ends with at least one. */
export type InboundOutcome =
  | 'replied' // the bot answered
  | 'added-to-story' // kept as part of what is being told; no answer of its own
  | 'held-for-person' // a person holds or is awaited; kept for them
  | 'opt-out-recorded'
  | 'opt-in-recorded'
  | 'kept-silently' // after STOP, or declined: kept or counted, not answered
  | 'erased'
  | 'failed-for-staff'; // the turn failed repeatedly; staff see it

/** One choice offered to a resident. `title` is already in their language. Channels cut or number it as they must. */
export interface Choice {
  id: string;
  title: string;
  description?: string;
}

/** What kind of thing a resident sent beside text. */
export type MediaKind = 'image' | 'voice' | 'video' | 'document' | 'contact' | 'other';

/** One attached thing, as stored on a message. `fileId` names the GridFS file once it is ours. */
export interface MediaItem {
  mediaId: string; // the provider's id of it, never a URL
  contentType: string; // as declared by the provider
  kind: MediaKind;
  state: 'pending' | 'stored' | 'quarantined' | 'failed' | 'too-large';
  fileId?: string;
  bytes?: number;
  sniffedType?: string;
  removedAtProvider?: boolean;
}

/** An entry of the services directory. */
export interface ServiceEntry {
  _id: string;
  name: string;
  kind: string; // gp, dentist, pharmacy, hospital, urgent-care, maternity, mental-health, community-nursing, social-care, optician, other
  aliases: string[];
  address?: string;
  postcode?: string;
  locality?: string;
  commissioner?: string;
}

/** One judgement about an experience under one scheme (spec: coding.md). */
export interface Coding {
  scheme: string;
  schemeVersion: number;
  code: string;
  sentiment: 'positive' | 'negative' | 'neutral';
  origin: 'resident' | 'suggested' | 'coder';
  confidence?: number; // 0..1, only for suggestions
  because?: string[]; // the words in the story a suggestion rests on
  by?: string;
  at: Date;
  confirmed?: boolean;
  rejected?: boolean;
}

/** An answer to one question, as recorded. Not asked is the absence of the answer. */
export type Answer =
  | { kind: 'text'; text: string; messageIds: string[]; media: number } // story and other open answers
  | { kind: 'choices'; values: string[] }
  | { kind: 'service'; serviceId?: string; serviceKind?: string; name: string }
  | { kind: 'skipped' }
  | { kind: 'rather-not-say' }
  | { kind: 'unclear'; text: string }; // left for a coder after two attempts
