import { CommandError } from '../errors.ts';
import { isIndex } from '../paths.ts';
import { type Doc, equalValues, field, isDocument, setField } from '../values.ts';
import type { Operation, UpdateContext } from './operation.ts';
import { operations } from './operations.ts';
import type { Change } from './parse-update.ts';

/** A path longer than an array may not make it grow by more than this at once, as on MongoDB. */
const mostPadding = 1_500_000;

/** Applies changes to a decoded document, in place. Throws PathNotViable (28), TypeMismatch (14), ImmutableField (66), BadValue (2). */
export function applyUpdate(doc: Doc, changes: readonly Change[], context: UpdateContext): void {
  const id = field(doc, '_id');
  for (const change of changes) {
    if (change.operator === '$setOnInsert' && !context.inserting) continue;
    if (change.operator === '$rename') rename(doc, change);
    else if (change.operator !== '$renameTarget') {
      const operation = operations[change.operator];
      if (operation) walk(doc, change, 0, operation(change, context), context);
    }
  }
  if (id !== undefined && !sameId(id, field(doc, '_id')))
    throw new CommandError(66, "Performing an update on the path '_id' would modify the immutable field '_id'");
}

function sameId(before: unknown, after: unknown): boolean {
  return after !== undefined && equalValues(before, after);
}

function walk(
  container: Doc | unknown[],
  change: Change,
  at: number,
  operation: Operation,
  context: UpdateContext,
): void {
  const part = change.parts[at] ?? '';
  if (part.startsWith('$[') || part === '$') {
    positional(container, part, change, at, operation, context);
    return;
  }
  if (Array.isArray(container) && !isIndex(part)) {
    if (!operation.creates) return;
    throw new CommandError(
      28,
      `Cannot create field '${part}' in element {${change.parts[at - 1] ?? ''}: ${shown(container)}}`,
    );
  }
  step(container, part, change, at, operation, context);
}

function step(
  container: Doc | unknown[],
  part: string,
  change: Change,
  at: number,
  operation: Operation,
  context: UpdateContext,
): void {
  const value = read(container, part);
  if (at === change.parts.length - 1) {
    leaf(container, part, value, operation);
    return;
  }
  if (isDocument(value) || Array.isArray(value)) {
    walk(value, change, at + 1, operation, context);
    return;
  }
  if (value !== undefined) refuseScalar(part, value, change.parts[at + 1] ?? '', operation);
  else if (operation.creates) create(container, part, change, at, operation, context);
}

/** Makes a missing parent, unless nothing comes to be in it. */
function create(
  container: Doc | unknown[],
  part: string,
  change: Change,
  at: number,
  operation: Operation,
  context: UpdateContext,
): void {
  if (change.parts[at + 1]?.startsWith('$') === true) {
    const path = change.parts.slice(0, at + 1).join('.');
    throw new CommandError(2, `The path '${path}' must exist in the document in order to apply array updates.`);
  }
  const created: Doc = {};
  walk(created, change, at + 1, operation, context);
  if (Object.keys(created).length > 0) write(container, part, created);
}

/** A path cannot go on below a scalar. */
function refuseScalar(part: string, value: unknown, next: string, operation: Operation): void {
  if (next.startsWith('$['))
    throw new CommandError(2, `Cannot apply array updates to non-array element ${part}: ${shown(value)}`);
  if (operation.creates)
    throw new CommandError(28, `Cannot create field '${next}' in element {${part}: ${shown(value)}}`);
}

function leaf(container: Doc | unknown[], part: string, value: unknown, operation: Operation): void {
  const result = operation.apply(value);
  if (result === value && value !== undefined) return;
  if (result !== undefined) write(container, part, result);
  else if (value !== undefined) {
    if (Array.isArray(container)) container[Number(part)] = null;
    else Reflect.deleteProperty(container, part);
  }
}

function positional(
  container: Doc | unknown[],
  part: string,
  change: Change,
  at: number,
  operation: Operation,
  context: UpdateContext,
): void {
  const soFar = change.parts.slice(0, at).join('.');
  if (part === '$') {
    if (context.position === -1)
      throw new CommandError(2, 'The positional operator did not find the match needed from the query.');
    if (!Array.isArray(container) && operation.creates)
      throw new CommandError(
        28,
        `Cannot create field '${context.position}' in element {${soFar}: ${shown(container)}}`,
      );
    step(container, String(context.position), change, at, operation, context);
    return;
  }
  if (!Array.isArray(container))
    throw new CommandError(2, `Cannot apply array updates to non-array element ${soFar}: ${shown(container)}`);
  const test = part === '$[]' ? undefined : context.arrayFilters.get(part.slice(2, -1));
  for (const [index, element] of container.entries())
    if (!test || test(element)) step(container, String(index), change, at, operation, context);
}

function read(container: Doc | unknown[], part: string): unknown {
  return Array.isArray(container) ? container[Number(part)] : field(container, part);
}

function write(container: Doc | unknown[], part: string, value: unknown): void {
  if (!Array.isArray(container)) {
    setField(container, part, value);
    return;
  }
  const index = Number(part);
  if (index - container.length > mostPadding)
    throw new CommandError(2, `Cannot set array index ${index}: it would pad the array beyond ${mostPadding} elements`);
  while (container.length < index) container.push(null);
  container[index] = value;
}

function rename(doc: Doc, change: Change): void {
  const source = locate(doc, change.parts);
  if (!source) return;
  const { container, name } = source;
  const value = field(container, name);
  if (value === undefined) return;
  const target = String(change.operand);
  Reflect.deleteProperty(container, name);
  const parts = target.split('.');
  const placed: Change = { operator: '$set', path: target, parts, operand: value };
  const parent = parts.slice(0, -1);
  if (parent.length > 0 && throughArray(doc, parent))
    throw new CommandError(2, `The destination field cannot be an array element, '${target}' in doc`);
  walk(
    doc,
    placed,
    0,
    { creates: true, apply: () => value },
    { position: -1, arrayFilters: new Map(), inserting: false },
  );
}

function throughArray(doc: Doc, parts: readonly string[]): boolean {
  let current: unknown = doc;
  for (const part of parts) {
    if (Array.isArray(current)) return true;
    current = isDocument(current) ? field(current, part) : undefined;
  }
  return Array.isArray(current);
}

function locate(doc: Doc, parts: readonly string[]): { container: Doc; name: string } | undefined {
  if (throughArray(doc, parts.slice(0, -1)))
    throw new CommandError(2, `The source field cannot be an array element, '${parts.join('.')}' in doc`);
  let current: unknown = doc;
  for (const part of parts.slice(0, -1)) {
    if (current === undefined) return undefined;
    if (!isDocument(current))
      throw new CommandError(28, `Cannot use the part (${part}) of (${parts.join('.')}) to traverse the element`);
    current = field(current, part);
  }
  return isDocument(current) ? { container: current, name: parts.at(-1) ?? '' } : undefined;
}

function shown(value: unknown): string {
  return JSON.stringify(value);
}
