import type { Conversation } from '../../../models/conversations.ts';
import type { OutboundRow } from '../../../models/messages/schema.ts';
import type { OptOut } from '../../../models/optouts.ts';
import type { Person } from '../../../models/people.ts';
import type { DropReason } from '../../../models/vocabulary.ts';
import type { ChannelPolicy } from '../../channel.ts';

/** An approved template a provider takes outside the free-text window. */
export interface Template {
  id: string;
  variables: Record<string, string>;
}

/** All that a gate may look at, read after the row was claimed. */
export interface GateFacts {
  row: OutboundRow;
  conversation: Conversation | null;
  person: Person | null;
  /** The newest line of the opt-out ledger for the person's addresses; read when it can matter, else null. */
  latestOptOut: OptOut | null;
  policy: ChannelPolicy;
  template: Template | undefined;
  now: Date;
}

/** What a gate says about a row. */
export type Verdict =
  | { kind: 'send' }
  | { kind: 'template'; template: Template }
  | { kind: 'drop'; reason: DropReason }
  /** Not now, not by us: staff decide. */
  | { kind: 'hold'; detail: string }
  | { kind: 'later'; dueAt: Date };

/** One reason why a message that is about to leave must not. Pure. */
export interface Gate {
  readonly name: string;
  check(facts: GateFacts): Verdict;
}

export const SEND: Verdict = { kind: 'send' };
