import { PURPOSES } from '../purposes.ts';
import { SEND, type Gate } from './gate.ts';

/** A message that could not leave in its time is not sent late: what it answers has moved on. */
export const expired: Gate = {
  name: 'expired',
  check({ row, now }) {
    const limit = row.expiresAt?.getTime() ?? row.createdAt.getTime() + PURPOSES[row.purpose].expiresAfterMs;
    return now.getTime() >= limit ? { kind: 'drop', reason: 'expired' } : SEND;
  },
};
