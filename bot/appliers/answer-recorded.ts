import { detectLanguage } from '../../languages/detect.ts';
import type { Answer } from '../../models/vocabulary.ts';
import { feedbackOf } from '../feedback-of.ts';
import type { FeedbackWrite } from '../work.ts';
import type { Applier } from './applier.ts';

type Project = (item: FeedbackWrite, answer: Answer | null) => void;

/** Answers that reports ask for by a field of their own, beside standing among `answers`. */
const PROJECTIONS: Record<string, Project> = {
  story: (item, answer) => {
    if (answer?.kind === 'text') {
      item.set['story'] = { text: answer.text, messageIds: answer.messageIds, media: answer.media };
      item.set['script'] = detectLanguage(answer.text).script;
    } else item.unset.push('story', 'script');
  },
  service: (item, answer) => {
    if (answer?.kind === 'service') {
      item.set['service'] = {
        name: answer.name,
        ...(answer.serviceId && { id: answer.serviceId }),
        ...(answer.serviceKind && { kind: answer.serviceKind }),
      };
    } else item.unset.push('service');
  },
  stages: (item, answer) => {
    item.set['stages'] = answer?.kind === 'choices' ? answer.values : [];
  },
  rating: (item, answer) => {
    const rating = answer?.kind === 'choices' ? Number(answer.values[0]) : NaN;
    if (Number.isInteger(rating)) item.set['rating'] = rating;
    else item.unset.push('rating');
  },
};

/** `answer-recorded`: keeps the answer as given, and in the field reports read. Null takes an answer back. */
export const answerRecorded: Applier<'answer-recorded'> = (event, work) => {
  const item = feedbackOf(work, event.experience);
  if (event.answer) item.set[`answers.${event.question}`] = event.answer;
  else item.unset.push(`answers.${event.question}`);
  PROJECTIONS[event.question]?.(item, event.answer);
};
