import type { Conversation } from '../../models/conversations.ts';
import { Gather } from '../../models/gather.ts';
import type { OutboundRow } from '../../models/messages/schema.ts';
import type { Person } from '../../models/people.ts';
import type { ChannelPolicy, OutgoingMessage } from '../channel.ts';
import type { GateFacts, Template } from './gates/gate.ts';
import type { Workings } from './parts.ts';
import { PURPOSES } from './purposes.ts';

/** Reads what the gates look at, as it is now: two reads, shared by rows that ask at once, and a third where an opt-out can matter. */
export class FactReader {
  private readonly workings: Workings;
  private readonly conversations: Gather<string, Conversation | null>;
  private readonly people: Gather<string, Person | null>;

  constructor(workings: Workings) {
    this.workings = workings;
    this.conversations = new Gather((ids) => each(ids, (some) => workings.conversations.getMany(some)));
    this.people = new Gather((ids) => each(ids, (some) => workings.people.getMany(some)));
  }

  async read(row: OutboundRow, policy: ChannelPolicy): Promise<GateFacts> {
    const { optOuts, templates, now } = this.workings;
    const [conversation, person] = await Promise.all([
      this.conversations.ask(row.conversationId),
      this.people.ask(row.personId),
    ]);
    const asks = person && (person.optedOutAt !== undefined || PURPOSES[row.purpose].proactive);
    const latestOptOut = asks ? await optOuts.latest(person.addresses.map(({ hash }) => hash)) : null;
    const template = templates(row.purpose, row.language ?? person?.language, row.key);
    return { row, conversation, person, latestOptOut, policy, template, now: now() };
  }
}

async function each<T>(
  ids: readonly string[],
  getMany: (ids: readonly string[]) => Promise<Map<string, T>>,
): Promise<(T | null)[]> {
  const found = await getMany([...new Set(ids)]);
  return ids.map((id) => found.get(id) ?? null);
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
