import type { SendFailure } from '../../models/vocabulary.ts';

/**
 * Twilio's error codes, from the REST API and from status callbacks, to our closed list. The one place that knows them.
 * Source: spec channels.md and https://www.twilio.com/docs/api/errors.
 */
const FAILURE_BY_CODE = new Map<string, SendFailure>(
  Object.entries({
    14107: 'busy', // SMS send rate limit exceeded
    20429: 'busy', // too many requests
    30001: 'busy', // queue overflow
    63018: 'busy', // channel's rate limit exceeded
    21610: 'opted-out', // recipient replied STOP
    63014: 'opted-out', // blocked by the user's action
    63033: 'opted-out', // recipient blocked us
    21211: 'address-unreachable', // not a valid number
    21612: 'address-unreachable', // no route from this sender to that number
    21614: 'address-unreachable', // not a mobile number
    30005: 'address-unreachable', // unknown handset
    30006: 'address-unreachable', // landline or unreachable carrier
    63003: 'address-unreachable', // the channel does not know this address
    63024: 'address-unreachable', // invalid recipient
    63016: 'window-closed', // free text outside the 24-hour window
    20003: 'sender-blocked', // authentication failed
    21408: 'sender-blocked', // region not enabled
    21606: 'sender-blocked', // the sender is not ours or cannot send
    21705: 'sender-blocked', // messaging service cannot be used
    30002: 'sender-blocked', // account suspended
    63007: 'sender-blocked', // no such channel sender
    30004: 'content-refused', // blocked by the recipient's carrier
    30007: 'content-refused', // filtered by the carrier
    63032: 'content-refused', // restricted by the channel for this user
    21617: 'our-bug', // body over 1,600 characters
  } as const satisfies Record<number, SendFailure>),
);

/** The failure a code stands for; undefined when we do not know the code (staff then see the code itself). */
export function failureOfCode(code: string | undefined): SendFailure | undefined {
  return code === undefined ? undefined : FAILURE_BY_CODE.get(code);
}

/** Every code of the table, for the tests that walk it. */
export const KNOWN_CODES: readonly string[] = [...FAILURE_BY_CODE.keys()];
