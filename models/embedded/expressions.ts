import { Context, evalExpr, ProcessingMode } from 'mingo/core';
import * as accumulators from 'mingo/operators/accumulator';
import * as expressions from 'mingo/operators/expression';
import { CommandError } from './errors.ts';
import { ownExpressions } from './expression-operators.ts';
import type { ExpressionEvaluator } from './match/matcher.ts';
import { normaliseExpression } from './normalise-expression.ts';
import { plain } from './plain.ts';
import { expressionValue } from './paths.ts';
import { type Doc, isDocument } from './values.ts';

/**
 * The aggregation expression language: mingo's operators, with our own where JavaScript values would answer otherwise than BSON ones.
 * https://www.mongodb.com/docs/manual/reference/operator/aggregation/
 */
const refused = new Set(['$function', '$accumulator', '$where']);
const known = Object.fromEntries(
  Object.entries(expressions).filter(([name]) => name.startsWith('$') && !refused.has(name)),
);
const asExpression = [
  '$sum',
  '$avg',
  '$min',
  '$max',
  '$first',
  '$last',
  '$stdDevPop',
  '$stdDevSamp',
  '$mergeObjects',
  '$firstN',
  '$lastN',
  '$maxN',
  '$minN',
];
const knownAccumulators = Object.fromEntries(
  Object.entries(accumulators).filter(([name]) => asExpression.includes(name)),
);

export const context = Context.init({
  expression: { ...known, ...ownExpressions } as never,
  accumulator: knownAccumulators as never,
});

const options = {
  context,
  scriptEnabled: false,
  useStrictMode: true,
  failOnError: true,
  idKey: '_id',
  processingMode: ProcessingMode.CLONE_OFF,
} as const;

/** A checked expression, ready to run on one document after another. */
type Compiled = (doc: Doc) => unknown;

const compiledExpressions = new WeakMap<object, Compiled>();
const compiledTexts = new Map<string, Compiled>();
const mostTexts = 1000;

function compiledText(text: string): Compiled {
  let compiled = compiledTexts.get(text);
  if (!compiled) {
    compiled = compileString(text);
    if (compiledTexts.size < mostTexts) compiledTexts.set(text, compiled);
  }
  return compiled;
}

/** Computes an expression on a document. Paths and constants keep their BSON types. Throws what MongoDB throws for unknown operators. */
function evaluateExpression(expression: unknown, doc: Doc): unknown {
  if (typeof expression === 'string') return compiledText(expression)(doc);
  if (typeof expression !== 'object' || expression === null) return expression;
  let compiled = compiledExpressions.get(expression);
  if (!compiled) {
    compiled = compile(expression);
    compiledExpressions.set(expression, compiled);
  }
  return compiled(doc);
}

/** The evaluator the rest of the server is handed. */
export const evaluator: ExpressionEvaluator = Object.assign(evaluateExpression, {
  check(expression: unknown): void {
    compile(expression);
  },
});

function compile(expression: unknown): Compiled {
  if (typeof expression === 'string') return compileString(expression);
  if (Array.isArray(expression)) return compileArray(expression);
  if (!isDocument(expression)) return () => expression;
  const names = Object.keys(expression);
  if (!names.some((name) => name.startsWith('$'))) return compileObject(expression);
  if (names.length === 1 && names[0] === '$literal') return () => expression['$literal'];
  check(expression, new Set());
  const prepared = normaliseExpression(plain(expression));
  return (doc) => run(prepared, doc);
}

function compileString(expression: string): Compiled {
  if (!expression.startsWith('$')) return () => expression;
  if (expression === '$$ROOT' || expression === '$$CURRENT') return (doc) => doc;
  if (expression === '$$REMOVE') return () => undefined;
  const path =
    /^\$\$(?:ROOT|CURRENT)\.(.+)$/.exec(expression)?.[1] ??
    (expression.startsWith('$$') ? undefined : expression.slice(1));
  if (path === undefined) {
    check(expression, new Set());
    return (doc) => run(expression, doc);
  }
  checkPath(path);
  const parts = path.split('.');
  return (doc) => expressionValue(doc, parts);
}

function checkPath(path: string): void {
  if (path === '') throw new CommandError(16872, "'$' by itself is not a valid FieldPath");
  if (path.split('.').includes('')) throw new CommandError(15998, 'FieldPath field names may not be empty strings.');
  if (path.includes('\0')) throw new CommandError(16411, 'FieldPath field names may not contain null bytes.');
}

function compileArray(elements: readonly unknown[]): Compiled {
  const compiled = elements.map(compile);
  return (doc) => compiled.map((each) => each(doc) ?? null);
}

function compileObject(expression: Doc): Compiled {
  const fields = Object.entries(expression).map(([name, each]): [string, Compiled] => [name, compile(each)]);
  for (const [name] of fields)
    if (name.includes('.')) throw new CommandError(16412, `FieldPath field names may not contain '.'.`);
  return (doc) =>
    Object.fromEntries(
      fields.map(([name, each]): [string, unknown] => [name, each(doc)]).filter(([, value]) => value !== undefined),
    );
}

const systemVariables = new Set(['ROOT', 'CURRENT', 'REMOVE', 'NOW', 'KEEP', 'PRUNE', 'DESCEND']);

/** Variables an operator defines for its inner expressions, so that a misspelt one is refused before anything runs. */
function defined(name: string, operand: unknown, outer: ReadonlySet<string>): ReadonlySet<string> {
  if (!isDocument(operand)) return outer;
  if (name === '$reduce') return new Set([...outer, 'this', 'value']);
  if (name === '$map' || name === '$filter')
    return new Set([...outer, typeof operand['as'] === 'string' ? operand['as'] : 'this']);
  return name === '$let' && isDocument(operand['vars']) ? new Set([...outer, ...Object.keys(operand['vars'])]) : outer;
}

function check(expression: unknown, variables: ReadonlySet<string>): void {
  if (typeof expression === 'string') {
    checkVariable(expression, variables);
    return;
  }
  if (Array.isArray(expression)) {
    for (const each of expression as unknown[]) check(each, variables);
    return;
  }
  if (!isDocument(expression)) return;
  for (const [name, operand] of Object.entries(expression)) {
    if (name.startsWith('$')) {
      checkOperator(name, expression);
      if (name === '$literal') return;
    }
    check(operand, defined(name, operand, variables));
  }
}

function checkVariable(text: string, variables: ReadonlySet<string>): void {
  if (!text.startsWith('$')) return;
  if (!text.startsWith('$$')) {
    checkPath(text.slice(1));
    return;
  }
  const name = text.slice(2).split('.')[0] ?? '';
  if (!systemVariables.has(name) && !variables.has(name))
    throw new CommandError(17276, `Use of undefined variable: ${name}`);
}

function checkOperator(name: string, expression: Doc): void {
  if (Object.keys(expression).length !== 1)
    throw new CommandError(
      15983,
      `an expression specification must contain exactly one field, the name of the expression. Found ${Object.keys(expression).length} fields`,
    );
  if (!(name in known) && !(name in ownExpressions) && !(name in knownAccumulators))
    throw new CommandError(168, `Unrecognized expression '${name}'`);
}

const plainDocs = new WeakMap<Doc, Doc>();

function plainDoc(doc: Doc): Doc {
  let made = plainDocs.get(doc);
  if (!made) {
    made = plain(doc) as Doc;
    plainDocs.set(doc, made);
  }
  return made;
}

function run(expression: unknown, doc: Doc): unknown {
  try {
    return evalExpr(plainDoc(doc), expression, options);
  } catch (error) {
    throw error instanceof CommandError ? error : translate(error);
  }
}

const codesByMessage: readonly (readonly [RegExp, number])[] = [
  [/undefined variable/i, 17276],
  [/divide by zero|by zero/i, 2],
  [/cannot convert|could not convert|failed to parse/i, 241],
  [
    /only supports numeric|must be numeric|numeric|expects? .*(?:number|date)|must resolve to|resolve to (?:a )?number/i,
    14,
  ],
];

/** mingo's errors carry no code; MongoDB's is chosen by what they say, BadValue otherwise. */
function translate(error: unknown): CommandError {
  const message = error instanceof Error ? error.message : String(error);
  const code = codesByMessage.find(([pattern]) => pattern.test(message))?.[1] ?? 2;
  return new CommandError(code, message);
}
