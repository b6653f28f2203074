import { ActivityTypes } from 'botbuilder';
import { feedbackOf } from '../feedback-of.ts';
import type { Applier } from './applier.ts';

/** `experience-ended`: the item is complete, partial or handed over. Declined leaves none. */
export const experienceEnded: Applier<'experience-ended'> = async (event, work, context) => {
  if (event.outcome !== 'declined') feedbackOf(work, event.experience).set['status'] = event.outcome;
  await context.sendActivity({ type: ActivityTypes.EndOfConversation });
};
