import { CommandError } from '../errors.ts';
import type { ExpressionEvaluator } from '../match/matcher.ts';
import { documentStage } from '../pipeline/document-stages.ts';
import { type Doc, isDocument } from '../values.ts';

const allowed = new Set(['$addFields', '$set', '$project', '$unset', '$replaceRoot', '$replaceWith']);

/** An update written as a pipeline: the stages that make one document of one. Throws InvalidOptions (72) for other stages. */
export function compilePipelineUpdate(
  pipeline: readonly unknown[],
  evaluate: ExpressionEvaluator | undefined,
): (doc: Doc) => Doc {
  if (!evaluate) throw new CommandError(1, 'the expression language is not loaded');
  const stages = pipeline.map((stage) => {
    if (!isDocument(stage) || Object.keys(stage).length !== 1)
      throw new CommandError(40323, 'A pipeline stage specification object must contain exactly one field.');
    const [name = ''] = Object.keys(stage);
    const make = allowed.has(name) ? documentStage(name, stage[name], evaluate) : undefined;
    if (!make) throw new CommandError(72, `${name} is not allowed to be used within an update`);
    return make;
  });
  return (doc) => stages.reduce((current, stage) => stage(current), doc);
}
