import { PURPOSES } from '../purposes.ts';
import { SEND, type Gate } from './gate.ts';

/** Nobody is written to once they are erased; between their wish and its carrying out only the farewell leaves. */
export const erased: Gate = {
  name: 'erased',
  check({ row, conversation, person }) {
    const address = person?.addresses.some(({ id }) => id === row.addressId);
    if (!conversation || !person || !address) return { kind: 'drop', reason: 'erased' };
    if (person.eraseAt && PURPOSES[row.purpose].proactive) return { kind: 'drop', reason: 'erased' };
    return SEND;
  },
};
