import { deriveId } from '../models/ids.ts';
import type { OptOut } from '../models/optouts.ts';
import type { Work } from './work.ts';

/** One ledger line per address of the person behind a turn. */
export function ledgerLines(work: Work, action: OptOut['action']): OptOut[] {
  const by = work.message?.optOut ? 'provider' : 'resident';
  return work.person.addresses.map((address) => ({
    _id: deriveId(work.causeId, action, address.id),
    addressHash: address.hash,
    channel: address.channel,
    action,
    by,
    at: work.at,
  }));
}
