import type { Check } from './check.ts';
import { conversationHolders } from './conversation-holders.ts';
import { conversationMessages } from './conversation-messages.ts';
import { erasures } from './erasures.ts';
import { escalationMessages } from './escalation-messages.ts';
import { feedbackContent } from './feedback-content.ts';
import { feedbackOwners } from './feedback-owners.ts';
import { inboundOutcomes } from './inbound-outcomes.ts';
import { indexes } from './indexes.ts';
import { mediaFiles } from './media-files.ts';
import { optOutsAgree } from './optouts-agree.ts';
import { outboundRepeats } from './outbound-repeats.ts';
import { outboundSequence } from './outbound-sequence.ts';
import { outboxRules } from './outbox-rules.ts';
import { peopleAddresses } from './people-addresses.ts';
import { plainNumbers } from './plain-numbers.ts';
import { providerIds } from './provider-ids.ts';
import { restoreFinished } from './restore-finished.ts';

/** Every check, in the order `verify` makes them. A test walks this list: each has a case that it must find. */
export const CHECKS: readonly Check[] = [
  restoreFinished,
  indexes,
  providerIds,
  inboundOutcomes,
  outboxRules,
  outboundRepeats,
  outboundSequence,
  conversationMessages,
  conversationHolders,
  escalationMessages,
  feedbackOwners,
  feedbackContent,
  peopleAddresses,
  optOutsAgree,
  plainNumbers,
  mediaFiles,
  erasures,
];
