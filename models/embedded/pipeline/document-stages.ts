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
    if (Object.keys(spec).length === 0)
      throw new CommandError(
        51272,
        'Invalid $project :: caused by :: projection specification must have at least one field',
      );
    const project = compileProjection(spec, { evaluate, stage: true });
    return (doc) => project(doc, -1);
  },
  $addFields: addFields,
  $set: addFields,
  $unset: unset,
  $replaceRoot: (spec, evaluate) => {
    if (!isDocument(spec) || !('newRoot' in spec))
      throw new CommandError(
        40229,
        "expected an object as specification for $replaceRoot stage, with a 'newRoot' option",
      );
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
    if (!isDocument(result))
      throw new CommandError(
        40228,
        `'newRoot' expression must evaluate to an object, but resulting value was: ${JSON.stringify(result ?? null)}. Type of resulting value: '${typeName(result)}'.`,
      );
    return result;
  };
}

function unset(spec: unknown): DocumentStage {
  const paths = Array.isArray(spec) ? (spec as unknown[]) : [spec];
  if (paths.length === 0 || paths.some((path) => typeof path !== 'string'))
    throw new CommandError(31002, '$unset specification must be a string or an array of strings');
  const project = compileProjection(Object.fromEntries((paths as string[]).map((path) => [path, false])));
  return (doc) => project(doc, -1);
}

/** A computed field, or the fields below one. */
type FieldNode = { readonly expression: unknown } | { readonly below: FieldTree };
type FieldTree = Map<string, FieldNode>;

function addFields(spec: unknown, evaluate: ExpressionEvaluator): DocumentStage {
  if (!isDocument(spec)) throw new CommandError(40272, '$addFields specification stage must be an object');
  if (Object.keys(spec).length === 0)
    throw new CommandError(40177, 'Invalid $addFields :: caused by :: specification must have at least one field');
  const tree: FieldTree = new Map<string, FieldNode>();
  for (const [path, value] of Object.entries(spec)) plant(tree, path.split('.'), value, evaluate);
  return (doc) => grow(doc, tree, doc, evaluate) as Doc;
}

function plant(tree: FieldTree, parts: readonly string[], value: unknown, evaluate: ExpressionEvaluator): void {
  const [part = '', ...rest] = parts;
  checkFieldName(part);
  if (rest.length > 0) {
    plant(below(tree, part), rest, value, evaluate);
    return;
  }
  if (isFieldDocument(value)) {
    for (const [name, each] of Object.entries(value)) plant(below(tree, part), name.split('.'), each, evaluate);
    return;
  }
  evaluate.check(value);
  if (tree.has(part)) throw new CommandError(31250, `Path collision at ${part}`);
  tree.set(part, { expression: value });
}

function checkFieldName(part: string): void {
  if (part === '') throw new CommandError(40352, 'FieldPath cannot be constructed with empty string');
  if (part.startsWith('$'))
    throw new CommandError(
      16410,
      "FieldPath field names may not start with '$'. Consider using $getField or $setField.",
    );
}

/** A document of further fields rather than an expression. */
function isFieldDocument(value: unknown): value is Doc {
  return isDocument(value) && Object.keys(value).length > 0 && !Object.keys(value).some((name) => name.startsWith('$'));
}

function below(tree: FieldTree, part: string): FieldTree {
  const known = tree.get(part);
  if (known && !('below' in known)) throw new CommandError(31249, `Path collision at ${part}`);
  const deeper: FieldTree = known?.below ?? new Map<string, FieldNode>();
  tree.set(part, { below: deeper });
  return deeper;
}

/** A copy of a value with the fields of the tree set; arrays pass each change on to their elements. */
function grow(value: unknown, tree: FieldTree, root: Doc, evaluate: ExpressionEvaluator): unknown {
  if (Array.isArray(value)) return (value as unknown[]).map((each) => grow(each, tree, root, evaluate));
  const copy: Doc = isDocument(value) ? { ...value } : {};
  for (const [name, node] of tree) {
    const result =
      'below' in node ? grow(field(copy, name), node.below, root, evaluate) : evaluate(node.expression, root);
    if (result !== undefined) setField(copy, name, result);
    else Reflect.deleteProperty(copy, name);
  }
  return copy;
}
