import type { ExpressionEvaluator } from '../match/matcher.ts';
import type { Doc } from '../values.ts';

/** Takes a document on; false means no more are wanted. */
export type Emit = (doc: Doc) => boolean;

/** One running stage of a pipeline: documents go in one by one, results come out through `emit`, the rest at the end. */
export interface Stage {
  push(doc: Doc, emit: Emit): boolean;
  end?(emit: Emit): void;
}

/** What stages may reach beyond their documents. */
export interface StageContext {
  readonly db: string;
  readonly evaluate: ExpressionEvaluator;
  /** All documents of another collection that match a filter, by its indexes where they help. */
  read(collection: string, filter: Doc): Doc[];
  /** The stages of a pipeline within this one. */
  stages(pipeline: readonly unknown[]): Stage;
  /** Runs a pipeline on documents at hand. */
  run(pipeline: readonly unknown[], docs: readonly Doc[], variables?: Doc): Doc[];
}

export type MakeStage = (spec: unknown, context: StageContext) => Stage;
