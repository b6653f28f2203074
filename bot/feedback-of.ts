import { createHash } from 'node:crypto';
import { deriveId } from '../models/ids.ts';
import type { FeedbackWrite, Work } from './work.ts';

/** The change this turn makes to an experience's feedback item; begun on first use. */
export function feedbackOf(work: Work, experience = work.state?.experience ?? 1): FeedbackWrite {
  const known = work.feedback.get(experience);
  if (known) return known;
  const { conversation, person } = work;
  const write: FeedbackWrite = {
    start: {
      _id: deriveId(conversation._id, 'experience', experience),
      personId: person._id,
      conversationId: conversation._id,
      experience,
      reference: referenceCode(conversation._id, experience),
      receivedAt: work.at,
      source: conversation.channel,
      origin: 'resident',
    },
    set: { updatedAt: work.at },
    unset: [],
  };
  work.feedback.set(experience, write);
  return write;
}

/** Letters and digits that cannot be mistaken for one another when read aloud or copied by hand (Crockford's base 32). */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** The code a resident can quote: `TH-` and eight characters that follow from conversation and experience. */
export function referenceCode(conversationId: string, experience: number): string {
  const bytes = createHash('sha256').update(`reference:${conversationId}:${experience}`).digest();
  const letters = [...bytes.subarray(0, 8)].map((byte) => ALPHABET.charAt(byte % 32)).join('');
  return `TH-${letters.slice(0, 4)}-${letters.slice(4)}`;
}
