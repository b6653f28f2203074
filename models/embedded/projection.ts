import { CommandError } from './errors.ts';
import { elementTest, type ExpressionEvaluator } from './match/matcher.ts';
import { type Doc, field, isDocument, isNumeric, setField, toNumber } from './values.ts';

/** Makes a projected copy of a document; `position` is where the filter matched, for `array.$`. */
export type Projection = (doc: Doc, position: number) => Doc;

export interface ProjectionOptions {
  readonly evaluate?: ExpressionEvaluator | undefined;
  /** `$project` has no `$slice`, `$elemMatch` or `.$`: there they are expressions. */
  readonly stage?: boolean;
}

/** A projection by field: true includes, false excludes, a function computes, a map goes deeper. */
type Node = boolean | ((value: unknown, doc: Doc, position: number) => unknown) | Tree;
type Tree = Map<string, Node>;

interface Parsed {
  tree: Tree;
  inclusive: boolean | undefined;
  id: boolean | undefined;
  readonly options: ProjectionOptions;
}

/**
 * Compiles a find projection or a `$project` stage.
 * https://www.mongodb.com/docs/manual/reference/method/db.collection.find/#projection
 * Throws 31253/31254 for inclusion mixed with exclusion, 31249 for colliding paths.
 */
export function compileProjection(spec: Doc, options: ProjectionOptions = {}): Projection {
  const parsed: Parsed = { tree: new Map(), inclusive: undefined, id: undefined, options };
  for (const [path, value] of Object.entries(spec)) addField(parsed, path.split('.'), value);
  const inclusive = parsed.inclusive ?? (parsed.tree.size === 0 && parsed.id === true);
  if (parsed.id !== undefined) parsed.tree.set('_id', parsed.id);
  if (!inclusive) {
    if (parsed.id === true) parsed.tree.delete('_id');
    return (doc, position) => exclude(doc, parsed.tree, doc, position);
  }
  if (!parsed.tree.has('_id')) parsed.tree = withId(parsed.tree);
  return (doc, position) => include(doc, parsed.tree, doc, position);
}

function withId(tree: Tree): Tree {
  return new Map<string, Node>([['_id', true], ...tree]);
}

function addField(parsed: Parsed, parts: string[], value: unknown): void {
  const path = parts.join('.');
  if (path === '') throw new CommandError(40352, 'FieldPath cannot be constructed with empty string');
  if (parts.includes('')) throw new CommandError(15998, 'FieldPath field names may not be empty strings.');
  const flag = flagOf(value);
  if (path === '_id' && flag !== undefined) {
    parsed.id = flag;
    return;
  }
  if (flag !== undefined) {
    if (parts.at(-1) === '$') addPositional(parsed, parts.slice(0, -1), flag);
    else {
      setMode(parsed, flag, path);
      place(parsed.tree, parts, flag, path);
    }
    return;
  }
  if (isDocument(value)) addOperator(parsed, parts, value);
  else addComputed(parsed, parts, value);
}

function flagOf(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  return isNumeric(value) ? toNumber(value) !== 0 : undefined;
}

function setMode(parsed: Parsed, inclusive: boolean, path: string): void {
  if (parsed.inclusive !== undefined && parsed.inclusive !== inclusive)
    throw inclusive
      ? new CommandError(31253, `Cannot do inclusion on field ${path} in exclusion projection`)
      : new CommandError(31254, `Cannot do exclusion on field ${path} in inclusion projection`);
  parsed.inclusive = inclusive;
}

function place(tree: Tree, parts: readonly string[], node: Node, path: string): void {
  const [part = '', ...rest] = parts;
  const known = tree.get(part);
  if (rest.length === 0) {
    if (known !== undefined) throw new CommandError(31250, `Path collision at ${path}`);
    tree.set(part, node);
    return;
  }
  if (known !== undefined && !(known instanceof Map))
    throw new CommandError(31249, `Path collision at ${path} remaining portion ${rest.join('.')}`);
  const deeper: Tree = known instanceof Map ? known : new Map<string, Node>();
  tree.set(part, deeper);
  place(deeper, rest, node, path);
}

function addPositional(parsed: Parsed, parts: string[], flag: boolean): void {
  if (!flag) throw new CommandError(31395, 'positional projection cannot be used with exclusion');
  setMode(parsed, true, parts.join('.'));
  place(
    parsed.tree,
    parts,
    (value, _doc, position) => {
      if (!Array.isArray(value)) return value;
      if (position === -1)
        throw new CommandError(
          51246,
          "Executor error during find command :: caused by :: positional operator '.$' couldn't find a matching element in the array",
        );
      return (value as unknown[]).slice(position, position + 1);
    },
    parts.join('.'),
  );
}

function addOperator(parsed: Parsed, parts: string[], value: Doc): void {
  const [name] = Object.keys(value);
  const path = parts.join('.');
  if (name === undefined)
    throw new CommandError(51270, 'An empty sub-projection is not a valid value. Found empty object at path');
  if (!parsed.options.stage && name === '$slice') {
    place(parsed.tree, parts, sliceNode(value['$slice']), path);
    return;
  }
  if (!parsed.options.stage && name === '$elemMatch') {
    setMode(parsed, true, path);
    place(parsed.tree, parts, elemMatchNode(value['$elemMatch'], parsed.options), path);
    return;
  }
  if (name === '$meta') throw new CommandError(40218, 'query requires text score metadata, but it is not available');
  if (name.startsWith('$')) addComputed(parsed, parts, value);
  else for (const [inner, each] of Object.entries(value)) addField(parsed, [...parts, ...inner.split('.')], each);
}

function addComputed(parsed: Parsed, parts: string[], value: unknown): void {
  const { evaluate } = parsed.options;
  if (!evaluate) throw new CommandError(2, 'expressions are not allowed here');
  const path = parts.join('.');
  setMode(parsed, true, path);
  evaluate.check(value);
  place(parsed.tree, parts, (_value, doc) => evaluate(value, doc), path);
}

function sliceNode(operand: unknown): Node {
  const numbers = (Array.isArray(operand) ? (operand as unknown[]) : [operand]).map((each) => toNumber(each));
  const [first, second] = numbers;
  if (first === undefined || numbers.length > 2 || (Array.isArray(operand) && numbers.length !== 2))
    throw new CommandError(28667, 'Invalid $slice syntax. The given syntax did not match the find() syntax');
  if (numbers.length === 2 && (second === undefined || second <= 0))
    throw new CommandError(28729, 'Third argument to $slice must be positive');
  return (value) => {
    if (!Array.isArray(value)) return value;
    const elements = value as unknown[];
    if (second === undefined) return first < 0 ? elements.slice(first) : elements.slice(0, first);
    const start = first < 0 ? Math.max(0, elements.length + first) : first;
    return elements.slice(start, start + second);
  };
}

function elemMatchNode(operand: unknown, options: ProjectionOptions): Node {
  const test = elementTest(operand, options);
  return (value) => {
    if (!Array.isArray(value)) return undefined;
    const match = (value as unknown[]).find((element) => test(element));
    return match === undefined ? undefined : [match];
  };
}

function include(value: Doc, tree: Tree, doc: Doc, position: number): Doc {
  const result: Doc = {};
  for (const name of Object.keys(value)) {
    const node = tree.get(name);
    if (node === undefined || node === false) continue;
    const kept = includeValue(value[name], node, doc, position);
    if (kept !== undefined) setField(result, name, kept);
  }
  for (const [name, node] of tree) if (!Object.hasOwn(value, name)) addMissing(result, name, node, doc, position);
  return result;
}

/** Computed fields appear even where the document has nothing. */
function addMissing(result: Doc, name: string, node: Node, doc: Doc, position: number): void {
  if (typeof node === 'boolean') return;
  const value =
    typeof node === 'function'
      ? node(undefined, doc, position)
      : hasComputed(node)
        ? include({}, node, doc, position)
        : undefined;
  if (value !== undefined) setField(result, name, value);
}

function hasComputed(tree: Tree): boolean {
  return [...tree.values()].some((node) => typeof node === 'function' || (node instanceof Map && hasComputed(node)));
}

function includeValue(value: unknown, node: Node, doc: Doc, position: number): unknown {
  if (node === true) return value;
  if (typeof node === 'function') return node(value, doc, position);
  if (!(node instanceof Map)) return undefined;
  if (isDocument(value)) return include(value, node, doc, position);
  if (Array.isArray(value))
    return (value as unknown[])
      .map((each) => includeValue(each, node, doc, position))
      .filter((each) => each !== undefined);
  return hasComputed(node) ? include({}, node, doc, position) : undefined;
}

function exclude(value: Doc, tree: Tree, doc: Doc, position: number): Doc {
  const result: Doc = {};
  for (const name of Object.keys(value)) {
    const node = tree.get(name);
    const kept = node === undefined ? value[name] : excludeValue(field(value, name), node, doc, position);
    if (kept !== undefined) setField(result, name, kept);
  }
  return result;
}

function excludeValue(value: unknown, node: Node, doc: Doc, position: number): unknown {
  if (node === false) return undefined;
  if (typeof node === 'function') return node(value, doc, position);
  if (!(node instanceof Map)) return value;
  if (isDocument(value)) return exclude(value, node, doc, position);
  return Array.isArray(value) ? (value as unknown[]).map((each) => excludeValue(each, node, doc, position)) : value;
}
