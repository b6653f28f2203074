import type { Conversation } from '../../../../models/conversations.ts';
import { MINUTE_MS, scan, waited, type Check } from './check.ts';

/** A message may be a moment ahead of its conversation: that begins with its first turn. */
const PATIENCE_MS = 15 * MINUTE_MS;

type Handled = Pick<Conversation, 'handled'>;
interface Row {
  conversationId: string;
  direction: 'in' | 'out';
  receivedAt?: Date;
  createdAt?: Date;
  erased?: boolean;
}

/** Turns are about messages that are there; messages belong to conversations that are there. */
export const conversationMessages: Check = {
  name: 'conversation-messages',
  promise: 'every committed turn is about a stored message, and every message belongs to a conversation',
  async *run(context) {
    const messages = new Set<string>();
    const strays = new Map<string, string[]>();
    const fields = ['conversationId', 'direction', 'receivedAt', 'createdAt', 'erased'] as const;
    for await (const row of scan<Row>(context, 'messages', {}, fields)) {
      if (row.direction === 'in') messages.add(row._id);
      const old = waited(context, row.receivedAt ?? row.createdAt) > PATIENCE_MS;
      if (row.erased !== true && old) add(strays, row.conversationId, row._id);
    }
    for await (const conversation of scan<Handled>(context, 'conversations', {}, ['handled'])) {
      strays.delete(conversation._id);
      for (const { id } of conversation.handled) {
        if (!messages.has(id))
          yield { id: `conversations/${conversation._id}`, what: `has handled messages/${id}, which does not exist` };
      }
    }
    for (const id of [...strays.values()].flat())
      yield { id: `messages/${id}`, what: 'belongs to a conversation that does not exist' };
  },
};

function add(to: Map<string, string[]>, key: string, value: string): void {
  const list = to.get(key);
  if (list) list.push(value);
  else to.set(key, [value]);
}
