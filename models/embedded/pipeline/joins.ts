import { CommandError } from '../errors.ts';
import { encodeValue } from '../key-encoding.ts';
import { expressionValue } from '../paths.ts';
import { type Doc, isDocument } from '../values.ts';
import type { Stage, StageContext } from './stage.ts';
import { withValue } from './with-value.ts';

/** `$lookup`, by equal fields and, or, a pipeline with `let`. https://www.mongodb.com/docs/manual/reference/operator/aggregation/lookup/ */
export function lookupStage(spec: unknown, context: StageContext): Stage {
  if (!isDocument(spec)) throw new CommandError(9, 'the $lookup specification must be an object');
  const { from, as, localField, foreignField, pipeline } = spec;
  if (typeof as !== 'string') throw new CommandError(9, "must specify 'as' field for a $lookup");
  if (typeof from !== 'string') throw new CommandError(9, "must specify 'from' field for a $lookup");
  const byField = typeof localField === 'string' && typeof foreignField === 'string';
  if (!byField && !Array.isArray(pipeline))
    throw new CommandError(
      9,
      "$lookup requires either 'pipeline' or both 'localField' and 'foreignField' to be specified",
    );
  const definitions = isDocument(spec['let']) ? spec['let'] : {};
  const find = byField ? joinByField(from, localField.split('.'), foreignField, context) : () => context.read(from, {});
  return {
    push(doc, emit) {
      let joined = find(doc);
      if (Array.isArray(pipeline)) {
        const variables = Object.fromEntries(
          Object.entries(definitions).map(([name, each]) => [name, context.evaluate(each, doc)]),
        );
        joined = context.run(pipeline, joined, variables);
      }
      return emit(withValue(doc, as.split('.'), joined));
    },
  };
}

/** Looks each distinct local value up once. */
function joinByField(
  from: string,
  local: readonly string[],
  foreign: string,
  context: StageContext,
): (doc: Doc) => Doc[] {
  const known = new Map<string, Doc[]>();
  return (doc) => {
    const value = expressionValue(doc, local);
    const name = encodeValue(value).toString('latin1');
    let joined = known.get(name);
    if (!joined) {
      const condition = Array.isArray(value) ? { $in: [...(value as unknown[]), value] } : { $eq: value ?? null };
      joined = context.read(from, { [foreign]: condition });
      if (known.size < 1000) known.set(name, joined);
    }
    return joined;
  };
}

export function unionStage(spec: unknown, context: StageContext): Stage {
  const coll = isDocument(spec) ? spec['coll'] : spec;
  if (typeof coll !== 'string') throw new CommandError(9, "$unionWith needs 'coll'");
  const pipeline = isDocument(spec) && Array.isArray(spec['pipeline']) ? spec['pipeline'] : [];
  return {
    push: (doc, emit) => emit(doc),
    end(emit) {
      for (const doc of context.run(pipeline, context.read(coll, {}))) if (!emit(doc)) return;
    },
  };
}

export function facetStage(spec: unknown, context: StageContext): Stage {
  if (!isDocument(spec) || Object.keys(spec).length === 0)
    throw new CommandError(40169, 'the $facet specification must be a non-empty object');
  const facets = Object.entries(spec).map(([name, pipeline]) => {
    if (!Array.isArray(pipeline)) throw new CommandError(40170, `arguments to $facet must be arrays, ${name} is not`);
    return { name, stage: context.stages(pipeline), out: [] as Doc[], open: true };
  });
  return {
    push(doc) {
      for (const facet of facets)
        if (facet.open) facet.open = facet.stage.push(doc, (result) => facet.out.push(result) > 0);
      return true;
    },
    end(emit) {
      for (const facet of facets) facet.stage.end?.((result) => facet.out.push(result) > 0);
      emit(Object.fromEntries(facets.map(({ name, out }) => [name, out])));
    },
  };
}
