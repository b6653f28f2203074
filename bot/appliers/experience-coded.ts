import { mergeCodings } from '../../coding/codings.ts';
import { feedbackOf } from '../feedback-of.ts';
import type { Applier } from './applier.ts';

/** `experience-coded`: what follows from answers and story joins the item; what a coder judged stays. */
export const experienceCoded: Applier<'experience-coded'> = async (event, work, _context, { database }) => {
  const item = feedbackOf(work, event.experience);
  const stored = (await database.feedback.get(item.start._id))?.codings ?? [];
  item.set['codings'] = mergeCodings(stored, event.codings, work.at);
};
