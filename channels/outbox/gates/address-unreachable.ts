import { PURPOSES } from '../purposes.ts';
import { SEND, type Gate } from './gate.ts';

/** What we start does not go to an address where the provider found nobody. An answer does: they have just written. */
export const addressUnreachable: Gate = {
  name: 'address-unreachable',
  check({ row, person }) {
    const address = person?.addresses.find(({ id }) => id === row.addressId);
    if (!PURPOSES[row.purpose].proactive || !address?.unreachableAt) return SEND;
    return { kind: 'drop', reason: 'address-unreachable' };
  },
};
