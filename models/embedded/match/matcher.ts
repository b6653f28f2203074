import { CommandError } from '../errors.ts';
import { visitPath } from '../paths.ts';
import { type Doc, equalValues, isDocument, typeCode } from '../values.ts';
import { leafOperators } from './leaf-operators.ts';

/** Where the last array element matched: the position `$` stands for in an update or projection. */
export interface MatchDetails {
  position: number;
}

export type Matcher = (doc: Doc, details?: MatchDetails) => boolean;

/** Tests one value at the end of a path. */
export type ValueTest = (value: unknown) => boolean;

/** Evaluates `$expr`; handed in, because the expression language is loaded only when needed. */
export interface ExpressionEvaluator {
  (expression: unknown, doc: Doc): unknown;
  /** Throws what MongoDB throws for an expression that cannot be, without running it. */
  check(expression: unknown): void;
}

export interface MatchOptions {
  readonly evaluate?: ExpressionEvaluator | undefined;
}

/** A test on what a path leads to, with the arrays at its end: `whole` sees the array, `elements` what is in it. */
interface PathTest {
  readonly whole: ValueTest;
  readonly elements: boolean;
}

/**
 * Compiles a MongoDB filter into a function over decoded documents.
 * Semantics: https://www.mongodb.com/docs/manual/reference/operator/query/. Throws a CommandError (BadValue 2 mostly) for what MongoDB refuses.
 */
export function compileFilter(filter: Doc, options: MatchOptions = {}): Matcher {
  const tests = Object.keys(filter).map((name) => compileClause(name, filter[name], options));
  if (tests.length === 0) return () => true;
  if (tests.length === 1 && tests[0]) return tests[0];
  return (doc, details) => tests.every((test) => test(doc, details));
}

function compileClause(name: string, value: unknown, options: MatchOptions): Matcher {
  if (!name.startsWith('$')) return compileField(name, value, options);
  const combine = combiners[name];
  if (combine) return combine(listOfFilters(name, value).map((each) => compileFilter(each, options)));
  if (name === '$expr') return compileExpression(value, options);
  if (name === '$comment') return () => true;
  if (name === '$alwaysTrue') return () => true;
  if (name === '$alwaysFalse') return () => false;
  refuseTopLevel(name);
}

function refuseTopLevel(name: string): never {
  if (name === '$where') throw new CommandError(2, 'no globalScriptEngine in $where parsing');
  if (name === '$text') throw new CommandError(27, 'text index required for $text query');
  if (name === '$jsonSchema') throw new CommandError(238, '$jsonSchema is not supported by the embedded server');
  throw new CommandError(
    2,
    `unknown top level operator: ${name}. If you have a field name that starts with a '$' symbol, consider using $getField or $setField.`,
  );
}

const combiners: Readonly<Record<string, (parts: readonly Matcher[]) => Matcher>> = {
  $and: (parts) => (doc, details) => parts.every((part) => part(doc, details)),
  $or: (parts) => (doc, details) => parts.some((part) => part(doc, details)),
  $nor: (parts) => (doc) => !parts.some((part) => part(doc)),
};

function listOfFilters(name: string, value: unknown): Doc[] {
  if (!Array.isArray(value)) throw new CommandError(2, `${name} must be an array`);
  if (value.length === 0) throw new CommandError(2, `${name} argument must be a non-empty array`);
  return (value as unknown[]).map((each) => {
    if (!isDocument(each)) throw new CommandError(2, `${name} argument's entries must be objects`);
    return each;
  });
}

function compileExpression(value: unknown, options: MatchOptions): Matcher {
  const { evaluate } = options;
  if (!evaluate) throw new CommandError(2, '$expr is not allowed in this context');
  evaluate.check(value);
  return (doc) => {
    const result = evaluate(value, doc);
    return result !== undefined && result !== null && result !== false && !equalValues(result, 0);
  };
}

/** Whether a field's condition is operators ({$gt: 1}) rather than a value to equal. */
export function isOperatorDocument(value: unknown): value is Doc {
  if (!isDocument(value)) return false;
  const [first] = Object.keys(value);
  return first?.startsWith('$') === true && !['$ref', '$id', '$db'].includes(first);
}

function compileField(path: string, condition: unknown, options: MatchOptions): Matcher {
  const parts = path.split('.');
  if (!isOperatorDocument(condition)) {
    const name = typeCode(condition) === 11 ? '$regex' : '$eq';
    return overPath(parts, leafTest(name, condition, {}));
  }
  const tests = Object.keys(condition)
    .filter((name) => name !== '$options' && name !== '$comment')
    .map((name) => compileOperator(parts, name, condition, options));
  if (tests.length === 1 && tests[0]) return tests[0];
  return (doc, details) => tests.every((test) => test(doc, details));
}

function compileOperator(parts: readonly string[], name: string, condition: Doc, options: MatchOptions): Matcher {
  const operand = condition[name];
  const structural = structuralOperators[name];
  if (structural) return structural(parts, operand, options);
  const negated = negations[name];
  if (!negated) return overPath(parts, leafTest(name, operand, condition));
  if (name === '$ne' && typeCode(operand) === 11) throw new CommandError(2, "Can't have regex as arg to $ne.");
  const positive = overPath(parts, leafTest(negated, operand, condition));
  return (doc) => !positive(doc);
}

const negations: Readonly<Record<string, string>> = { $ne: '$eq', $nin: '$in' };

function leafTest(name: string, operand: unknown, condition: Doc): PathTest {
  const make = leafOperators[name];
  if (!make)
    throw new CommandError(2, name.startsWith('$') ? `unknown operator: ${name}` : `unknown operator: ${name}`);
  return { whole: make(operand, condition), elements: name !== '$size' };
}

function overPath(parts: readonly string[], { whole, elements }: PathTest): Matcher {
  return (doc, details) =>
    visitPath(doc, parts, 0, (value, position) => {
      if (Array.isArray(value) && elements) {
        const index = (value as unknown[]).findIndex((element) => whole(element));
        if (index !== -1) return found(details, position === -1 ? index : position);
      }
      return whole(value) && found(details, position);
    });
}

function found(details: MatchDetails | undefined, position: number): true {
  if (details && position !== -1) details.position = position;
  return true;
}

const structuralOperators: Readonly<
  Record<string, (parts: readonly string[], operand: unknown, options: MatchOptions) => Matcher>
> = {
  $not: compileNot,
  $elemMatch: compileElemMatch,
  $all: compileAll,
  $exists: compileExists,
  $size: compileSize,
};

function compileNot(parts: readonly string[], operand: unknown, options: MatchOptions): Matcher {
  if (typeCode(operand) !== 11 && !isDocument(operand)) throw new CommandError(2, '$not needs a regex or a document');
  if (isDocument(operand)) {
    const names = Object.keys(operand);
    if (names.length === 0) throw new CommandError(2, '$not cannot be empty');
    const stranger = names.find((name) => !name.startsWith('$'));
    if (stranger !== undefined) throw new CommandError(2, `unknown operator: ${stranger}`);
  }
  const positive = compileField(parts.join('.'), operand, options);
  return (doc) => !positive(doc);
}

function compileExists(parts: readonly string[], operand: unknown): Matcher {
  const wanted =
    operand !== false &&
    operand !== null &&
    operand !== undefined &&
    !(typeof operand !== 'boolean' && equalValues(operand, 0));
  return (doc) => visitPath(doc, parts, 0, (value) => value !== undefined) === wanted;
}

function compileSize(parts: readonly string[], operand: unknown): Matcher {
  const test = leafTest('$size', operand, {});
  return overPath(parts, test);
}

function compileElemMatch(parts: readonly string[], operand: unknown, options: MatchOptions): Matcher {
  const test = elementTest(operand, options);
  return (doc, details) =>
    visitPath(doc, parts, 0, (value, position) => {
      if (!Array.isArray(value)) return false;
      const index = (value as unknown[]).findIndex((element) => test(element));
      return index !== -1 && found(details, position === -1 ? index : position);
    });
}

/** The test `$elemMatch` makes on one array element: operators on the element itself, or a filter on a document in the array. */
export function elementTest(operand: unknown, options: MatchOptions): ValueTest {
  if (!isDocument(operand)) throw new CommandError(2, '$elemMatch needs an Object');
  const [first] = Object.keys(operand);
  const onValue =
    isOperatorDocument(operand) &&
    !(first !== undefined && (first in combiners || first === '$expr' || first === '$where'));
  if (!onValue) {
    const filter = compileFilter(operand, options);
    return (element) => (isDocument(element) || Array.isArray(element)) && filter(element as Doc);
  }
  const test = compileField('v', operand, options);
  return (element) => test({ v: Array.isArray(element) ? [element] : element });
}

function compileAll(parts: readonly string[], operand: unknown, options: MatchOptions): Matcher {
  if (!Array.isArray(operand)) throw new CommandError(2, '$all needs an array');
  if (operand.length === 0) return () => false;
  const tests = (operand as unknown[]).map((each) => {
    if (isDocument(each) && '$elemMatch' in each) return compileElemMatch(parts, each['$elemMatch'], options);
    if (isOperatorDocument(each)) throw new CommandError(2, 'no $ expressions in $all');
    return overPath(parts, leafTest(typeCode(each) === 11 ? '$regex' : '$eq', each, {}));
  });
  return (doc, details) => tests.every((test) => test(doc, details));
}
