import { feedbackOf } from '../feedback-of.ts';
import type { Applier } from './applier.ts';

/** `experience-started`: the feedback item exists from here on, open. */
export const experienceStarted: Applier<'experience-started'> = (event, work) => {
  const item = feedbackOf(work, event.experience);
  item.set['status'] = 'open';
  item.set['pathway'] = event.pathway;
  item.set['consents.store'] = true;
};
