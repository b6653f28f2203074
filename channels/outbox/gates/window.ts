import { PURPOSES } from '../purposes.ts';
import { SEND, type Gate, type GateFacts } from './gate.ts';

const HOUR_MS = 3_600_000;

/** How long before its end the window counts as closed: the message has to be there in time (spec: 2 min). */
const GUARD_MS = 120_000;

/**
 * Some channels take free text only for a time after the person last wrote (WhatsApp: 24 h, customer service window).
 * Outside it an approved template leaves instead; without one, what a person must know is held for staff and the rest dropped.
 */
export const freeTextWindow: Gate = {
  name: 'window',
  check(facts) {
    const { row, template } = facts;
    if (isOpen(facts)) return SEND;
    if (template) return { kind: 'template', template };
    if (PURPOSES[row.purpose].minded) return { kind: 'hold', detail: 'window-closed' };
    return { kind: 'drop', reason: 'window-closed' };
  },
};

function isOpen({ row, conversation, policy, now }: GateFacts): boolean {
  if (row.windowClosed) return false;
  if (policy.windowHours === null) return true;
  const since = conversation?.lastInboundAt?.getTime();
  return since !== undefined && now.getTime() < since + policy.windowHours * HOUR_MS - GUARD_MS;
}
