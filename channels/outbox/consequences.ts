import { deriveId } from '../../models/ids.ts';
import type { OutboundRow } from '../../models/messages/schema.ts';
import type { Person } from '../../models/people.ts';
import type { SendFailure } from '../../models/vocabulary.ts';
import type { Workings } from './parts.ts';
import type { Sender } from './sender.ts';

/** A failure, and what it tells beyond the one message. */
export interface Failed {
  row: OutboundRow;
  failure: SendFailure | undefined;
  code?: string | undefined;
  person: Person | null;
  sender: Sender | undefined;
}

/**
 * Draws the consequences of a failure: who blocked us is opted out, where nobody is gets nothing we start, a sender that is
 * blocked rests, and a bug of ours is loud. Errors of the database are logged: the next attempt would tell the same again.
 */
export async function drawConsequences(workings: Workings, failed: Failed): Promise<void> {
  try {
    if (failed.failure) await CONSEQUENCES[failed.failure]?.(workings, failed);
  } catch (error) {
    workings.log.warn({ err: error, messageId: failed.row._id, failure: failed.failure }, 'consequence not recorded');
  }
}

/** Failures that tell more than that one message did not get through. */
const CONSEQUENCES: Partial<Record<SendFailure, (workings: Workings, failed: Failed) => Promise<void> | void>> = {
  'opted-out': optOut,
  'address-unreachable': ({ people, now }, { row }) => people.markUnreachable(row.personId, row.addressId, now()),
  'sender-blocked': blockSender,
  'our-bug': reportBug,
};

async function optOut({ optOuts, people, now }: Workings, { row, person }: Failed): Promise<void> {
  const address = person?.addresses.find(({ id }) => id === row.addressId);
  if (!person || !address) return;
  const at = now();
  const line = { addressHash: address.hash, channel: row.channel, action: 'out', by: 'provider', at } as const;
  await optOuts.append([{ _id: deriveId('provider-opt-out', row._id), ...line }]);
  if (!person.optedOutAt) await people.update(person._id, { optedOutAt: at });
}

function reportBug({ log, onAlert }: Workings, failed: Failed): void {
  const { _id: messageId, channel } = failed.row;
  log.error({ messageId, channel, code: failed.code }, 'refused: a bug of ours');
  onAlert({ kind: 'our-bug', channel, messageId, ...code(failed) });
}

function blockSender({ log, now, onAlert }: Workings, failed: Failed): void {
  const { sender } = failed;
  if (!sender) return;
  const { until, news } = sender.breaker.blocked(now().getTime());
  if (!news) return;
  log.error({ channel: sender.name.channel, code: failed.code }, 'the provider takes nothing from this sender');
  onAlert({ kind: 'sender-blocked', ...sender.name, ...code(failed), until: new Date(until) });
}

function code(failed: Failed): { code?: string } {
  return failed.code ? { code: failed.code } : {};
}
