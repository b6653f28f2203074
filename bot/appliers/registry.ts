import type { TurnContext } from 'botbuilder';
import type { DialogEvent } from '../../dialogs/events.ts';
import type { Work } from '../work.ts';
import { answerRecorded } from './answer-recorded.ts';
import type { Applier, ApplierParts } from './applier.ts';
import { consentRecorded } from './consent-recorded.ts';
import { erasureRequested } from './erasure-requested.ts';
import { experienceCoded } from './experience-coded.ts';
import { experienceEnded } from './experience-ended.ts';
import { experienceStarted } from './experience-started.ts';
import { languageChanged } from './language-changed.ts';
import { optedIn } from './opted-in.ts';
import { optedOut } from './opted-out.ts';
import { personRequested } from './person-requested.ts';
import { said } from './said.ts';

/** One applier per event type: a dialog event without one does not compile. */
export const appliers: { [T in DialogEvent['type']]: Applier<T> } = {
  said,
  'language-changed': languageChanged,
  'consent-recorded': consentRecorded,
  'experience-started': experienceStarted,
  'answer-recorded': answerRecorded,
  'experience-coded': experienceCoded,
  'experience-ended': experienceEnded,
  'opted-out': optedOut,
  'opted-in': optedIn,
  'person-requested': personRequested,
  'erasure-requested': erasureRequested,
};

/** Carries out a dialog's events in order. */
export async function applyEvents(
  events: readonly DialogEvent[],
  work: Work,
  context: TurnContext,
  parts: ApplierParts,
): Promise<void> {
  for (const event of events) {
    const apply = appliers[event.type] as Applier<DialogEvent['type']>;
    await apply(event, work, context, parts);
  }
}
