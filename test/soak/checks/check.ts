import type { Conversation } from '../../../models/conversations.ts';
import type { Database } from '../../../models/database.ts';
import type { Feedback } from '../../../models/feedback.ts';
import type { Keyring } from '../../../models/keyring.ts';
import type { InboundRow, OutboundRow } from '../../../models/messages/schema.ts';
import type { OptOut } from '../../../models/optouts.ts';
import type { Person } from '../../../models/people.ts';
import type { Ledger } from '../../support/twilio-double/ledger.ts';
import type { Posted } from '../post-office.ts';
import type { Memory } from '../residents/resident.ts';

/** Everything there is to judge a run by: what is stored, what the provider has, what residents and processes saw. */
export interface World {
  inbound: InboundRow[];
  outbound: OutboundRow[];
  conversations: Conversation[];
  people: Person[];
  feedback: Feedback[];
  optOuts: OptOut[];
  files: { _id: string; length: number; chunkSize: number }[];
  chunks: { files_id: string; n: number }[];
  ledger: Ledger;
  posted: readonly Posted[];
  memories: readonly Memory[];
  logFiles: readonly string[];
  /** Texts that must be in no log: secrets. */
  secrets: readonly string[];
  database: Database;
  keyring: Keyring;
}

/** A promise that was not kept: which, by what (ids to look it up with), and how. */
export interface Violation {
  check: string;
  id: string;
  what: string;
}

export type Found = Omit<Violation, 'check'>;

/** One promise, checked at the end of a run when nothing is left to do. */
export interface Check {
  name: string;
  run(world: World): Iterable<Found> | Promise<Iterable<Found>>;
}

/** Groups by a key. */
export function groupBy<T>(items: Iterable<T>, key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const name = key(item);
    const group = groups.get(name);
    if (group) group.push(item);
    else groups.set(name, [item]);
  }
  return groups;
}
