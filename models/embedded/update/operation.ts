import type { ArrayFilters } from './array-filters.ts';
import type { Change } from './parse-update.ts';

export interface UpdateContext {
  /** What `$` stands for: the position the filter matched at, -1 when it matched no array. */
  readonly position: number;
  readonly arrayFilters: ArrayFilters;
  /** True while an upsert builds a new document: then `$setOnInsert` counts. */
  readonly inserting: boolean;
}

/** What an update operator does at the end of its path. */
export interface Operation {
  /** Whether missing fields on the way are made. */
  readonly creates: boolean;
  /** The new value for the old one (undefined: the field is missing, or shall be). Returning the same value changes nothing. */
  apply(value: unknown): unknown;
}

export type MakeOperation = (change: Change, context: UpdateContext) => Operation;
