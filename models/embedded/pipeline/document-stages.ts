import { CommandError } from '../errors.ts';
import type { ExpressionEvaluator } from '../match/matcher.ts';
import { typeName } from '../match/type-names.ts';
import { compileProjection } from '../projection.ts';
import { type Doc, field, isDocument, setField } from '../values.ts';

/** A stage that turns one document into one document. */
export type DocumentStage = (doc: Doc) => Doc;

type MakeStage = (spec: unknown, evaluate: ExpressionEvaluator) => DocumentStage;

const stages: Readonly<Record<string, MakeStage>> = {
  $project: (spec, evaluate) => {
    if (!isDocument(spec)) throw new CommandError(15969, '$project specification must be an object');
    if (Object.keys(spec).length === 0) throw new CommandError(51272, 'Invalid $project :: caused by :: projection specification must have at least one field');
    const project = compileProjection(spec, { evaluate, stage: true });
    return (doc) => project(doc, -1);
  },
  $addFields: addFields,
  $set: addFields,
  $unset: unset,
  $replaceRoot: (spec, evaluate) => {
    if (!isDocument(spec) || !('newRoot' in spec)) throw new CommandError(40229, "expected an object as specification for $replaceRoot stage, with a 'newRoot' option");
    return replaceWith(spec['newRoot'], evaluate);
  },
  $replaceWith: replaceWith,
};

/** The stage of a name, or undefined for stages that are not one-to-one. */
export function documentStage(name: string, spec: unknown, evaluate: ExpressionEvaluator): DocumentStage | undefined {
  return Object.hasOwn(stages, name) ? stages[name]?.(spec, evaluate) : undefined;
}

function replaceWith(expression: unknown, evaluate: ExpressionEvaluator): DocumentStage {
  evaluate.check(expression);
  return (doc) => {
    const result = evaluate(expression, doc);
    if (!isDocument(result)) throw new CommandError(40228, `'newRoot' expression must evaluate to an object, but resulting value was: ${JSON.stringify(result) ?? 'MISSING'}. Type of resulting value: '${typeName(result)}'.`);
    return result;
  };
}

function unset(spec: unknown): DocumentStage {
  const paths = Array.isArray(spec) ? (spec as unknown[]) : [spec];
  if (paths.length === 0 || paths.some((path) => typeof path !== 'string')) throw new CommandError(31002, '$unset specification must be a string or an array of strings');
  const project = compileProjection(Object.fromEntries((paths as string[]).map((path) => [path, false])));
  return (doc) => project(doc, -1);
}

type FieldTree = Map<string, FieldTree | { readonly expression: unknown }>;

function addFields(spec: unknown, evaluate: ExpressionEvaluator): DocumentStage {
  if (!isDocument(spec)) throw new CommandError(40272, '$addFields specification stage must be an object');
  if (Object.keys(spec).length === 0) throw new CommandError(40177, 'Invalid $addFields :: caused by :: specification must have at least one field');
  const tree: FieldTree = new Map();
  for (const [path, value] of Object.entries(spec)) plant(tree, path.split('.'), value, evaluate);
  return (doc) => grow(doc, tree, doc, evaluate) as Doc;
}

function plant(tree: FieldTree, parts: readonly string[], value: unknown, evaluate: ExpressionEvaluator): void {
  const [part = '', ...rest] = parts;
  if (part === '') throw new CommandError(40352, 'FieldPath cannot be constructed with empty string');
  if (part.startsWith('$')) throw new CommandError(16410, `FieldPath field names may not start with '$'. Consider using $getField or $setField.`);
  const nested = rest.length === 0 && isDocument(value) && Object.keys(value).length > 0 && !Object.keys(value).some((name) => name.startsWith('$'));
  if (rest.length === 0 && !nested) {
    evaluate.check(value);
    if (tree.has(part)) throw new CommandError(31250, `Path collision at ${part}`);
    tree.set(part, { expression: value });
    return;
  }
  const known = tree.get(part);
  if (known && !(known instanceof Map)) throw new CommandError(31249, `Path collision at ${parts.join('.')}`);
  const deeper: FieldTree = known ?? new Map();
  tree.set(part, deeper);
  if (nested) for (const [name, each] of Object.entries(value as Doc)) plant(deeper, name.split('.'), each, evaluate);
  else plant(deeper, rest, value, evaluate);
}

/** A copy of a value with the fields of the tree set; arrays pass each change on to their elements. */
function grow(value: unknown, tree: FieldTree, root: Doc, evaluate: ExpressionEvaluator): unknown {
  if (Array.isArray(value)) return (value as unknown[]).map((each) => grow(each, tree, root, evaluate));
  const copy: Doc = isDocument(value) ? { ...value } : {};
  for (const [name, node] of tree) {
    const result = node instanceof Map ? grow(field(copy, name), node, root, evaluate) : evaluate(node.expression, root);
    if (result !== undefined) setField(copy, name, result);
    else Reflect.deleteProperty(copy, name);
  }
  return copy;
}
