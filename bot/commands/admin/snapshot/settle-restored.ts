import { partiesOf } from '../../../accept.ts';
import { erasePerson } from '../../../sweeps/erasure.ts';
import { BY, type AdminContext } from '../command.ts';
import { syncOptOuts } from '../opt-outs/sync.ts';
import { rawOf } from './raw.ts';

/** What was put right after a restore. */
export interface Settled {
  erasedAgain: number;
  optOutsCorrected: number;
  held: number;
}

/**
 * Makes a restored database fit for use. Nobody comes back who was erased; nobody who asked us to stop is written to; a
 * conversation somebody must look at is silent; and what was queued when the backup was made is held for staff, because it
 * has most likely left since: no second copy goes out on a guess. Safe to run again.
 */
export async function settleRestored(context: AdminContext, resumeSending: boolean): Promise<Settled> {
  const erasedAgain = await eraseAgain(context);
  const optOutsCorrected = await syncOptOuts(context.database, context.keyring);
  await silenceEscalated(context);
  const held = resumeSending ? 0 : await holdQueue(context);
  return { erasedAgain, optOutsCorrected, held };
}

async function eraseAgain({ database, now }: AdminContext): Promise<number> {
  let erased = 0;
  for await (const line of database.audit.model.find({ action: 'person-erased' }).lean().cursor()) {
    const personId = line.subject;
    if (!personId || !(await anythingOf(database, personId))) continue;
    await erasePerson({ database, now }, personId, BY);
    erased++;
  }
  return erased;
}

async function anythingOf(database: AdminContext['database'], personId: string): Promise<boolean> {
  const { people, conversations, feedback, escalations, inbound } = database;
  if ((await people.model.exists({ _id: personId })) !== null) return true;
  for (const model of [conversations.model, feedback.model, escalations.model, inbound.model]) {
    if ((await (model as typeof inbound.model).exists({ personId })) !== null) return true;
  }
  return false;
}

/** An alarm whose conversation did not exist yet when the copy was cut: the bot must not take it up as if nothing was. */
async function silenceEscalated({ database, now }: AdminContext): Promise<void> {
  for await (const escalation of database.escalations.model
    .find({ state: { $ne: 'resolved' } })
    .lean()
    .cursor()) {
    const message = await database.inbound.get(escalation.messageId);
    if (message && !('erased' in message)) await database.conversations.await(partiesOf(message), now());
  }
}

async function holdQueue({ database, now }: AdminContext): Promise<number> {
  const result = await rawOf(database)
    .collection('messages')
    .updateMany(
      { queue: 'outbox' },
      {
        $set: { state: 'held', attention: true, detail: 'restored', 'statusAt.held': now() },
        $unset: { queue: 1, lease: 1 },
      },
    );
  return result.modifiedCount;
}
