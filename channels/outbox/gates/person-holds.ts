import { PURPOSES } from '../purposes.ts';
import { SEND, type Gate } from './gate.ts';

/** While a person holds the conversation, or is awaited, the bot is silent; it may still say that a person takes over. */
export const personHolds: Gate = {
  name: 'person-holds',
  check({ row, conversation }) {
    if (!conversation || conversation.holder === 'bot') return SEND;
    if (!PURPOSES[row.purpose].byBot || row.handover) return SEND;
    return { kind: 'drop', reason: 'person-holds' };
  },
};
