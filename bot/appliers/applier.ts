import type { TurnContext } from 'botbuilder';
import type { DialogEvent } from '../../dialogs/events.ts';
import type { Catalogue } from '../../languages/catalogue.ts';
import type { Database } from '../../models/database.ts';
import type { Work } from '../work.ts';

/** What appliers may use. */
export interface ApplierParts {
  database: Database;
  catalogue: Catalogue;
}

/** Carries one event out: onto the turn's work, or as a write to be done before the commit. */
export type Applier<T extends DialogEvent['type']> = (
  event: Extract<DialogEvent, { type: T }>,
  work: Work,
  context: TurnContext,
  parts: ApplierParts,
) => Promise<void> | void;
