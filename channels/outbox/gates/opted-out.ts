import type { OptOut } from '../../../models/optouts.ts';
import { PURPOSES } from '../purposes.ts';
import { SEND, type Gate, type GateFacts } from './gate.ts';

/**
 * STOP stops what we start, on every address, and what was on its way when it came (PECR 2003 reg. 22; spec: channels.md,
 * opt-out). It never stops us listening: who writes after STOP gets an answer, unless the provider blocks the channel anyway.
 * Safeguarding and staff messages are tried even then: whether the block stands is for the provider to say, and staff see it.
 */
export const optedOut: Gate = {
  name: 'opted-out',
  check(facts) {
    const at = optedOutAt(facts);
    return at && stops(facts, at) ? { kind: 'drop', reason: 'opted-out' } : SEND;
  },
};

/** Since when the person is opted out. The ledger speaks for people who came back after they were erased. */
function optedOutAt({ row, person, latestOptOut }: GateFacts): Date | undefined {
  if (person?.optedOutAt) return person.optedOutAt;
  return PURPOSES[row.purpose].proactive && latestOptOut?.action === 'out' ? latestOptOut.at : undefined;
}

function stops({ row, policy, latestOptOut }: GateFacts, at: Date): boolean {
  const rules = PURPOSES[row.purpose];
  if (rules.optOut === 'passes') return false;
  if (rules.optOut === 'stops') return true;
  if (at > (row.answersReceivedAt ?? row.createdAt)) return true;
  return rules.byBot && policy.optOutConfirmedByProvider && blockedHere(row.channel, latestOptOut);
}

function blockedHere(channel: string, latest: OptOut | null): boolean {
  return latest?.action === 'out' && latest.channel === channel;
}
