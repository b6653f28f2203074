import type { Conversation } from '../../models/conversations.ts';
import type { OutboundRow } from '../../models/messages/schema.ts';
import type { OptOut } from '../../models/optouts.ts';
import type { Person } from '../../models/people.ts';
import type { ChannelPolicy, OutgoingMessage } from '../channel.ts';
import type { GateFacts, Template } from './gates/gate.ts';
import type { Workings } from './parts.ts';
import { PURPOSES } from './purposes.ts';

/** Reads what the gates look at, as it is now: two reads, and a third where an opt-out can matter. */
export async function readFacts(workings: Workings, row: OutboundRow, policy: ChannelPolicy): Promise<GateFacts> {
  const [conversation, person] = await Promise.all<[Promise<Conversation | null>, Promise<Person | null>]>([
    workings.conversations.get(row.conversationId),
    workings.people.get(row.personId),
  ]);
  const asks = person && (person.optedOutAt !== undefined || PURPOSES[row.purpose].proactive);
  const latestOptOut: OptOut | null = asks
    ? await workings.optOuts.latest(person.addresses.map(({ hash }) => hash))
    : null;
  const template = workings.templates(row.purpose, row.language ?? person?.language, row.key);
  return { row, conversation, person, latestOptOut, policy, template, now: workings.now() };
}

/** The row as a provider gets it; null when its address cannot be told. The plain address lives no longer than this. */
export function toMessage(
  workings: Workings,
  row: OutboundRow,
  person: Person,
  template?: Template,
): OutgoingMessage | null {
  const to = workings.people.openAddress(person, row.addressId);
  if (to === null) return null;
  return {
    ref: row._id,
    to,
    from: row.sender,
    text: row.text,
    ...(row.choices && { choices: row.choices }),
    ...(template && { template }),
  };
}
