import { type Doc, isDocument } from './values.ts';

/** Operators of one argument, which MongoDB also takes as an array of one. */
const unary = new Set([
  '$abs', '$ceil', '$floor', '$exp', '$ln', '$log10', '$sqrt', '$arrayToObject', '$objectToArray', '$reverseArray', '$first', '$last',
  '$isArray', '$strLenCP', '$strLenBytes', '$toUpper', '$toLower', '$toString', '$toInt', '$toLong', '$toDouble', '$toDecimal', '$toBool', '$toDate',
  '$allElementsTrue', '$anyElementTrue', '$year', '$month', '$dayOfMonth', '$hour', '$minute', '$second', '$millisecond', '$dayOfWeek', '$dayOfYear',
  '$week', '$isoWeek', '$isoWeekYear', '$isoDayOfWeek', '$sin', '$cos', '$tan', '$degreesToRadians', '$radiansToDegrees', '$binarySize', '$bsonSize',
]); // prettier-ignore

/** Operators whose array of arguments may be left out when it would hold one. */
const listed = new Set(['$round', '$trunc', '$not']);

/** Brings an expression into the one of MongoDB's spellings that mingo understands. Literals are left alone. */
export function normaliseExpression(expression: unknown): unknown {
  if (Array.isArray(expression)) return (expression as unknown[]).map(normaliseExpression);
  if (!isDocument(expression)) return expression;
  const entries = Object.entries(expression).map(([name, operand]): [string, unknown] => [
    name,
    normaliseOperand(name, operand),
  ]);
  return Object.fromEntries(entries) satisfies Doc;
}

function normaliseOperand(name: string, operand: unknown): unknown {
  if (name === '$literal') return operand;
  const inner = normaliseExpression(operand);
  if (unary.has(name) && Array.isArray(inner) && inner.length === 1) return (inner as unknown[])[0];
  return listed.has(name) && !Array.isArray(inner) ? [inner] : inner;
}
