import { Int32 } from 'bson';
import { CommandError } from '../errors.ts';
import { compareValues, type Doc, field, isDocument, typeOrder } from '../values.ts';
import { groupStage } from './group.ts';
import type { Stage, StageContext } from './stage.ts';

/** `$bucket`: groups by the boundary a value lies at or above. https://www.mongodb.com/docs/manual/reference/operator/aggregation/bucket/ */
export function bucketStage(spec: unknown, context: StageContext): Stage {
  const { groupBy, boundaries, other } = parseBucket(spec);
  const output = isDocument(spec) ? field(spec, 'output') : undefined;
  const fields = isDocument(output) ? output : { count: { $sum: new Int32(1) } };
  const key = Symbol('bucket');
  const evaluate: StageContext['evaluate'] = Object.assign(
    (expression: unknown, doc: Doc) =>
      expression === key
        ? bucketOf(context.evaluate(groupBy, doc), boundaries, other)
        : context.evaluate(expression, doc),
    {
      check: (expression: unknown) => {
        if (expression !== key) context.evaluate.check(expression);
      },
    },
  );
  const group = groupStage({ _id: key, ...fields }, { ...context, evaluate });
  return {
    push: (doc, emit) => group.push(doc, emit),
    end(emit) {
      const buckets: Doc[] = [];
      group.end?.((doc) => buckets.push(doc) > 0);
      buckets.sort((a, b) => compareValues(a['_id'], b['_id']));
      for (const bucket of buckets) if (!emit(bucket)) return;
    },
  };
}

interface Bucket {
  readonly groupBy: unknown;
  readonly boundaries: readonly unknown[];
  readonly other: unknown;
}

function parseBucket(spec: unknown): Bucket {
  if (!isDocument(spec)) throw new CommandError(40201, 'Argument to $bucket stage must be an object');
  const boundaries = field(spec, 'boundaries');
  if (!Array.isArray(boundaries)) throw new CommandError(40200, "The $bucket 'boundaries' field must be an array");
  if (boundaries.length < 2)
    throw new CommandError(40192, "The $bucket 'boundaries' field must have at least 2 values");
  const list = boundaries as unknown[];
  for (const [at, value] of list.entries()) {
    if (at === 0) continue;
    if (typeOrder(value) !== typeOrder(list[at - 1]))
      throw new CommandError(40193, "All values in the the 'boundaries' option to $bucket must have the same type");
    if (compareValues(list[at - 1], value) >= 0)
      throw new CommandError(40194, "The 'boundaries' option to $bucket must be sorted");
  }
  return { groupBy: field(spec, 'groupBy'), boundaries: list, other: field(spec, 'default') };
}

function bucketOf(value: unknown, boundaries: readonly unknown[], other: unknown): unknown {
  const above = boundaries.findIndex((boundary) => compareValues(value ?? null, boundary) < 0);
  if (above > 0) return boundaries[above - 1];
  if (other === undefined)
    throw new CommandError(
      40066,
      '$bucket could not find a matching branch for an input, and no default was specified.',
    );
  return other;
}
