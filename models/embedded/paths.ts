import { type Doc, field, isDocument } from './values.ts';

/** Whether a path component can address an array position. */
export function isIndex(part: string): boolean {
  return /^(?:0|[1-9]\d*)$/.test(part);
}

/** Receives each value a path leads to; `position` is the index in the outermost array passed on the way, -1 without one. Returning true stops. */
type Visit = (value: unknown, position: number) => boolean;

/**
 * Walks a dotted path as MongoDB's matcher does: an array on the way stands for each of its documents, and a number also for a position.
 * Scalars inside such an array lead nowhere; a missing field is visited as undefined. Arrays at the end are visited whole.
 */
export function visitPath(value: unknown, parts: readonly string[], at: number, visit: Visit, position = -1): boolean {
  if (at === parts.length) return visit(value, position);
  const part = parts[at] ?? '';
  if (isDocument(value)) return visitPath(field(value, part), parts, at + 1, visit, position);
  if (!Array.isArray(value)) return visit(undefined, position);
  const elements = value as unknown[];
  if (isIndex(part) && Number(part) < elements.length) {
    const index = Number(part);
    if (visitPath(elements[index], parts, at + 1, visit, position)) return true;
  }
  return elements.some(
    (element, index) => isDocument(element) && visitPath(element, parts, at, visit, position === -1 ? index : position),
  );
}

/** The value at a path of plain subdocuments and array positions, without spreading over arrays; undefined when missing. */
export function exactValue(value: unknown, parts: readonly string[]): unknown {
  let current = value;
  for (const part of parts) {
    if (isDocument(current)) current = field(current, part);
    else if (Array.isArray(current) && isIndex(part)) current = (current as unknown[])[Number(part)];
    else return undefined;
  }
  return current;
}

/** The value of a `$a.b` expression path: arrays on the way map to the array of what their documents hold there. */
export function expressionValue(value: unknown, parts: readonly string[], at = 0): unknown {
  if (at === parts.length) return value;
  if (Array.isArray(value)) {
    const mapped = (value as unknown[]).map((element) => expressionValue(element, parts, at));
    return mapped.filter((element) => element !== undefined);
  }
  return isDocument(value) ? expressionValue(field(value, parts[at] ?? ''), parts, at + 1) : undefined;
}

/** All values an index or a sort sees at a path, arrays at the end spread; an empty array is itself. */
export function leafValues(doc: Doc, parts: readonly string[]): { values: unknown[]; array: boolean } {
  if (parts.length === 1) {
    const value = field(doc, parts[0] ?? '');
    return Array.isArray(value) ? { values: spread(value), array: true } : { values: [value], array: false };
  }
  const values: unknown[] = [];
  const array = collectLeaves(doc, parts, 0, values);
  return { values: values.length === 0 ? [undefined] : values, array };
}

function spread(value: readonly unknown[]): unknown[] {
  return value.length === 0 ? [value] : [...value];
}

function collectLeaves(value: unknown, parts: readonly string[], at: number, into: unknown[]): boolean {
  if (at === parts.length) {
    if (Array.isArray(value)) into.push(...spread(value));
    else into.push(value);
    return Array.isArray(value);
  }
  const part = parts[at] ?? '';
  if (isDocument(value)) return collectLeaves(field(value, part), parts, at + 1, into);
  if (!Array.isArray(value)) {
    into.push(undefined);
    return false;
  }
  const elements = value as unknown[];
  if (isIndex(part) && Number(part) < elements.length) collectLeaves(elements[Number(part)], parts, at + 1, into);
  else for (const element of elements) collectLeaves(element, parts, at, into);
  return true;
}
