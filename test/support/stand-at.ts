import type { DialogEvent } from '../../dialogs/events.ts';
import { Talk } from '../support/talk.ts';

export const STORY = 'I waited five hours at the Royal London and nobody told me anything';

export function talk(...lines: string[]): Talk {
  const made = new Talk('whatsapp');
  made.say(...lines);
  return made;
}

export function saidBy(events: readonly DialogEvent[]): string[] {
  return events.flatMap((event) => (event.type === 'said' ? [event.key] : []));
}

export function typesOf(events: readonly DialogEvent[]): string[] {
  return events.map(({ type }) => type);
}

/** A talk that stands at the question named. */
export const UP_TO: Readonly<Record<string, string[]>> = {
  consent: [STORY],
  story: ['hello', 'yes'],
  service: ['the nurse was kind to me', 'yes'],
  stages: [STORY, 'yes', 'yes'],
  rating: [STORY, 'yes', 'yes', '1'],
  better: [STORY, 'yes', 'yes', '1', '1'],
  'follow-up': [STORY, 'yes', 'yes', '1', '1', 'more staff'],
};

export function at(question: string): Talk {
  const made = talk(...(UP_TO[question] ?? []));
  if (made.state?.asked?.question !== question) throw new Error(`The talk does not stand at ${question}`);
  return made;
}
