import type { Escalation } from '../../../../models/escalations.ts';
import { scan, type Check, type CheckContext } from './check.ts';

const BATCH = 500;

/** Whoever looks at an escalation finds what it is about. */
export const escalationMessages: Check = {
  name: 'escalation-messages',
  promise: 'every escalation is about a stored message of an existing person',
  async *run(context) {
    let batch: Escalation[] = [];
    for await (const escalation of scan<Escalation>(context, 'escalations', {})) {
      batch.push(escalation);
      if (batch.length < BATCH) continue;
      yield* wrong(context, batch);
      batch = [];
    }
    yield* wrong(context, batch);
  },
};

async function* wrong(
  context: CheckContext,
  batch: readonly Escalation[],
): AsyncGenerator<{ id: string; what: string }> {
  const messages = await existing(
    context,
    'messages',
    batch.map((escalation) => escalation.messageId),
  );
  const people = await existing(
    context,
    'people',
    batch.map((escalation) => escalation.personId),
  );
  for (const { _id, messageId, personId } of batch) {
    if (!messages.has(messageId)) yield { id: `escalations/${_id}`, what: 'is about a message that does not exist' };
    if (!people.has(personId)) yield { id: `escalations/${_id}`, what: 'is about a person who does not exist' };
  }
}

/** Those of the ids that exist and were not erased. */
async function existing(context: CheckContext, collection: string, ids: readonly string[]): Promise<Set<string>> {
  const found = new Set<string>();
  const filter = { _id: { $in: ids }, erased: { $ne: true } };
  for await (const { _id } of scan(context, collection, filter, [])) found.add(_id);
  return found;
}
