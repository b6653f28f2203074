import { CommandError } from '../errors.ts';
import { type Doc, isDocument, setField } from '../values.ts';
import type { Stage, StageContext } from './stage.ts';

/** `$redact`: keeps, prunes or descends into each level of a document. https://www.mongodb.com/docs/manual/reference/operator/aggregation/redact/ */
export function redactStage(spec: unknown, { evaluate }: StageContext): Stage {
  evaluate.check(spec);
  const level = (doc: Doc): Doc | undefined => {
    const verdict = evaluate(spec, doc);
    if (verdict === '$$KEEP') return doc;
    if (verdict === '$$PRUNE') return undefined;
    if (verdict !== '$$DESCEND') throw new CommandError(17053, '$redact must return $$KEEP, $$PRUNE or $$DESCEND');
    const kept: Doc = {};
    for (const [name, value] of Object.entries(doc)) {
      const inner = descend(value);
      if (inner !== undefined) setField(kept, name, inner);
    }
    return kept;
  };
  const descend = (value: unknown): unknown => {
    if (isDocument(value)) return level(value);
    return Array.isArray(value) ? (value as unknown[]).map(descend).filter((each) => each !== undefined) : value;
  };
  return {
    push(doc, emit) {
      const kept = level(doc);
      return kept === undefined || emit(kept);
    },
  };
}
