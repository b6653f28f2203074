import { type Doc, isDocument, setField } from '../values.ts';

/** A copy of a document with the value at a path replaced; undefined removes it. */
export function withValue(doc: Doc, parts: readonly string[], value: unknown): Doc {
  const [part = '', ...rest] = parts;
  const copy = { ...doc };
  const inner = copy[part];
  const next = rest.length === 0 ? value : withValue(isDocument(inner) ? inner : {}, rest, value);
  if (next === undefined) Reflect.deleteProperty(copy, part);
  else setField(copy, part, next);
  return copy;
}
