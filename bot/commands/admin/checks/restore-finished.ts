import { RESTORING } from '../snapshot/restoring.ts';
import type { Check } from './check.ts';

/** No restore or import was cut off. */
export const restoreFinished: Check = {
  name: 'restore-finished',
  promise: 'what is stored is all of it: no restore or import was cut off half-way',
  async *run({ raw }) {
    const standing = await raw.collection('settings').findOne({ _id: RESTORING as never });
    if (standing)
      yield { id: `settings/${RESTORING}`, what: 'a restore or import did not come to its end; run it again' };
  },
};
