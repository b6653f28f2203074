import type { Purpose } from '../../models/vocabulary.ts';

const HOUR_MS = 3_600_000;

/** What follows from why a message exists. */
export interface PurposeRules {
  /** 0 leaves first. */
  priority: number;
  /** We start it, nobody asked: opt-out, quiet hours and unreachable addresses stop it. */
  proactive: boolean;
  /** The bot speaks: silent while a person holds the conversation. */
  byBot: boolean;
  /** What an opt-out does to it: nothing, stops it when it came after what is answered, or always stops it. */
  optOut: 'passes' | 'stops-when-later' | 'stops';
  /** Once: a message of unknown fate may be sent a second time rather than not at all. */
  repeatable: boolean;
  /** May overtake earlier messages of its conversation; among themselves these keep their order. */
  overtakes: boolean;
  /** Staff must see when it does not get through. */
  minded: boolean;
  /** Not sent when older than this, unless the row says otherwise (ms). */
  expiresAfterMs: number;
}

/**
 * The one table of purposes (spec: channels.md, Twilio out; the priorities are its order). An answer that is a day old is
 * about a conversation that has moved on; a staff message is worth waiting for as long as a weekend.
 */
export const PURPOSES: Readonly<Record<Purpose, PurposeRules>> = {
  'opt-out-ack': {
    priority: 0,
    proactive: false,
    byBot: false,
    optOut: 'passes',
    repeatable: false,
    overtakes: true,
    minded: false,
    expiresAfterMs: 24 * HOUR_MS,
  },
  safeguarding: {
    priority: 1,
    proactive: false,
    byBot: false,
    optOut: 'passes',
    repeatable: false,
    overtakes: true,
    minded: true,
    expiresAfterMs: 24 * HOUR_MS,
  },
  staff: {
    priority: 2,
    proactive: false,
    byBot: false,
    optOut: 'stops-when-later',
    repeatable: false,
    overtakes: false,
    minded: true,
    expiresAfterMs: 72 * HOUR_MS,
  },
  reply: {
    priority: 3,
    proactive: false,
    byBot: true,
    optOut: 'stops-when-later',
    repeatable: true,
    overtakes: false,
    minded: false,
    expiresAfterMs: 24 * HOUR_MS,
  },
  'follow-up': {
    priority: 4,
    proactive: true,
    byBot: true,
    optOut: 'stops',
    repeatable: false,
    overtakes: false,
    minded: false,
    expiresAfterMs: 72 * HOUR_MS,
  },
};

/** The priority that rows of a purpose are stored with; 0 leaves first. */
export function priorityOf(purpose: Purpose): number {
  return PURPOSES[purpose].priority;
}
