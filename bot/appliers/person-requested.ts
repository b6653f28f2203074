import { EventFactory } from 'botbuilder';
import { deriveId } from '../../models/ids.ts';
import type { Applier } from './applier.ts';

/** `person-requested`: an escalation of the lowest urgency; the bot hands over (the adapter routes the event) and falls silent. */
export const personRequested: Applier<'person-requested'> = async (_event, work, context, { database }) => {
  const { conversation, person, at, causeId } = work;
  work.writes.push(() =>
    database.escalations.raise({
      _id: deriveId(causeId, 'escalation'),
      conversationId: conversation._id,
      personId: person._id,
      messageId: causeId,
      urgency: 'P2',
      reason: 'person-requested',
      state: 'waiting',
      raisedAt: at,
    }),
  );
  await context.sendActivity(EventFactory.createHandoffInitiation(context, { reason: 'person-requested' }));
};
