import type { AuditLine } from '../../../../models/audit.ts';
import { scan, type Check, type CheckContext } from './check.ts';

/** Where a person leaves traces. */
const TRACES = ['messages', 'conversations', 'feedback', 'escalations'] as const;

/** Content that an erased message must not have. */
const CONTENT = {
  $or: [{ text: { $nin: ['', null] } }, { 'media.fileId': { $exists: true } }, { location: { $exists: true } }],
};

/** Who was erased is gone, and so are their words. */
export const erasures: Check = {
  name: 'erasures',
  promise: 'nothing is left of whoever was erased, but the opt-out ledger and empty messages',
  async *run(context) {
    for await (const { _id } of scan(context, 'messages', { erased: true, ...CONTENT }, []))
      yield { id: `messages/${_id}`, what: 'is erased but has content' };
    const filter = { action: 'person-erased', subject: { $exists: true } };
    for await (const { subject = '' } of scan<AuditLine>(context, 'audit', filter, ['subject'])) {
      for (const place of await tracesOf(context, subject))
        yield { id: `people/${subject}`, what: `was erased, but something of theirs is in ${place}` };
    }
  },
};

async function tracesOf({ raw }: CheckContext, personId: string): Promise<string[]> {
  const only = { projection: { _id: 1 } };
  const found: string[] = [];
  if (await raw.collection('people').findOne({ _id: personId as never }, only)) found.push('people');
  for (const collection of TRACES) {
    if (await raw.collection(collection).findOne({ personId }, only)) found.push(collection);
  }
  return found;
}
