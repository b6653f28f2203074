import { priorityOf } from '../../channels/outbox/purposes.ts';
import type { Conversation } from '../../models/conversations.ts';
import { newId } from '../../models/ids.ts';
import type { InboundRow, OutboundRow } from '../../models/messages/schema.ts';
import type { Person } from '../../models/people.ts';
import type { Running } from './running-service.ts';

/** The person behind a number. Throws when nobody is stored under it. */
export async function personOf({ database }: Running, number: string): Promise<Person> {
  const person = await database.people.findByAddress('sms', number);
  if (!person) throw new Error('Nobody is stored under this number.');
  return person;
}

/** The person's conversation on a channel. */
export async function conversationOf(running: Running, number: string, channel: string): Promise<Conversation> {
  const person = await personOf(running, number);
  const [found] = (await running.database.conversations.ofPerson(person._id)).filter((one) => one.channel === channel);
  if (!found) throw new Error('There is no such conversation.');
  return found;
}

/** What was written in a conversation, in order. */
export async function writtenIn({ database }: Running, conversationId: string): Promise<InboundRow[]> {
  return database.inbound.model.find({ conversationId, direction: 'in' }).sort({ order: 1 }).lean<InboundRow[]>();
}

/** What was or was to be answered in a conversation, in order. */
export async function answeredIn({ database }: Running, conversationId: string): Promise<OutboundRow[]> {
  return database.inbound.model.find({ conversationId, direction: 'out' }).sort({ order: 1 }).lean<OutboundRow[]>();
}

/** Puts a message of ours into the outbox, as staff or a reminder would; the sweep sends it. Returns its id. */
export async function queue(
  { database }: Running,
  conversation: Conversation,
  fields: Pick<OutboundRow, 'purpose' | 'text'> & Partial<OutboundRow>,
): Promise<string> {
  const dueAt = fields.dueAt ?? new Date(Date.now() - 1000);
  const { _id: conversationId, personId, addressId, channel, sender } = conversation;
  const _id = newId();
  const row: OutboundRow = {
    ...{ _id, conversationId, personId, addressId, channel, sender, direction: 'out', dueAt, createdAt: dueAt },
    ...{ queue: 'outbox', state: 'queued', priority: priorityOf(fields.purpose), attempts: 0, fence: 0 },
    order: dueAt.getTime() * 1000,
    ...fields,
  };
  await database.outbound.enqueue([row]);
  return _id;
}
