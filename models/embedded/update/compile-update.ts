import { ObjectId } from 'bson';
import { checkId, encode } from '../codec.ts';
import { CommandError } from '../errors.ts';
import { type ExpressionEvaluator, isOperatorDocument } from '../match/matcher.ts';
import { type Doc, equalValues, field, isDocument, setField, typeCode, withIdFirst } from '../values.ts';
import { applyUpdate } from './apply-update.ts';
import { compileArrayFilters } from './array-filters.ts';
import { isOperatorUpdate, parseUpdate } from './parse-update.ts';
import { compilePipelineUpdate } from './pipeline-update.ts';

/** Makes the new state of a document; `position` is where the filter matched. The old document may be changed on the way. */
export type Transform = (doc: Doc, position: number, inserting: boolean) => Doc;

export interface CompiledUpdate {
  readonly transform: Transform;
  readonly replacement: boolean;
}

export interface UpdateOptions {
  readonly arrayFilters: readonly unknown[];
  readonly evaluate: ExpressionEvaluator | undefined;
  readonly variables?: Doc | undefined;
}

/** Compiles an update: operators, a whole replacement, or a pipeline. https://www.mongodb.com/docs/manual/reference/command/update/ */
export function compileUpdate(update: unknown, options: UpdateOptions): CompiledUpdate {
  if (Array.isArray(update)) {
    if (options.arrayFilters.length > 0)
      throw new CommandError(9, 'Cannot specify arrayFilters with an aggregation pipeline update');
    const pipeline = compilePipelineUpdate(update, options.evaluate);
    return { transform: (doc) => keepId(doc, pipeline(doc)), replacement: false };
  }
  if (!isDocument(update)) throw new CommandError(9, 'Update argument must be either an object or an array');
  return isOperatorUpdate(update) ? operatorUpdate(update, options) : replacementUpdate(update, options);
}

function operatorUpdate(update: Doc, options: UpdateOptions): CompiledUpdate {
  const changes = parseUpdate(update);
  const arrayFilters = compileArrayFilters(options.arrayFilters, changes, { evaluate: options.evaluate });
  const transform: Transform = (doc, position, inserting) => {
    applyUpdate(doc, changes, { position, arrayFilters, inserting });
    return doc;
  };
  return { transform, replacement: false };
}

function replacementUpdate(update: Doc, options: UpdateOptions): CompiledUpdate {
  if (options.arrayFilters.length > 0)
    throw new CommandError(9, 'Cannot specify arrayFilters with a replacement-style update');
  const dollar = Object.keys(update).find((name) => name.startsWith('$'));
  if (dollar !== undefined)
    throw new CommandError(
      52,
      `The dollar ($) prefixed field '${dollar}' in '${dollar}' is not allowed in the context of an update's replacement document. Consider using an aggregation pipeline with $replaceWith.`,
    );
  return { transform: (doc) => keepId(doc, { ...update }), replacement: true };
}

/** The `_id` of a document stays, and stays first; another one is refused with ImmutableField (66). */
function keepId(before: Doc, after: Doc): Doc {
  const id = field(before, '_id');
  if (id === undefined) return after;
  const given = field(after, '_id');
  if (given !== undefined && !equalValues(given, id))
    throw new CommandError(
      66,
      `After applying the update, the (immutable) field '_id' was found to have been altered to _id: ${JSON.stringify(given)}`,
    );
  return withIdFirst({ ...after, _id: id });
}

/** The document an upsert inserts: the equalities of the filter, then the update. */
export function buildUpsert(filter: Doc, update: CompiledUpdate): { doc: Doc; raw: Buffer } {
  const seed: Doc = {};
  if (update.replacement) {
    const id = equalityOf(filter, '_id');
    if (id !== undefined) seed['_id'] = id;
  } else seedFrom(filter, seed);
  let doc = update.transform(seed, -1, true);
  if (field(doc, '_id') === undefined) doc = { _id: new ObjectId(), ...doc };
  checkId(doc['_id']);
  doc = withIdFirst(doc);
  return { doc, raw: encode(doc) };
}

function equalityOf(filter: Doc, name: string): unknown {
  const found: Doc = {};
  seedFrom(filter, found);
  return field(found, name);
}

function seedFrom(filter: Doc, seed: Doc): void {
  for (const [name, condition] of Object.entries(filter)) {
    if (name === '$and' && Array.isArray(condition)) for (const each of condition as Doc[]) seedFrom(each, seed);
    else if (name === '$or' && Array.isArray(condition) && condition.length === 1) seedFrom(condition[0] as Doc, seed);
    else if (!name.startsWith('$')) seedField(name, condition, seed);
  }
}

function seedField(path: string, condition: unknown, seed: Doc): void {
  const value = equalityValue(condition);
  if (value === undefined) return;
  const parts = path.split('.');
  let container = seed;
  for (const part of parts.slice(0, -1)) {
    const inner = field(container, part);
    if (inner !== undefined && !isDocument(inner))
      throw new CommandError(54, `cannot infer query fields to set, path '${path}' is matched twice`);
    const next: Doc = inner ?? {};
    setField(container, part, next);
    container = next;
  }
  const last = parts.at(-1) ?? '';
  if (Object.hasOwn(container, last))
    throw new CommandError(54, `cannot infer query fields to set, path '${path}' is matched twice`);
  setField(container, last, value);
}

function equalityValue(condition: unknown): unknown {
  if (!isOperatorDocument(condition)) return typeCode(condition) === 11 ? undefined : condition;
  if ('$eq' in condition) return condition['$eq'];
  const list = condition['$in'] ?? condition['$all'];
  return Array.isArray(list) && list.length === 1 && Object.keys(condition).length === 1 && typeCode(list[0]) !== 11
    ? (list as unknown[])[0]
    : undefined;
}
