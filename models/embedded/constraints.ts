import { literalPrefix } from './match/regex.ts';
import { isOperatorDocument } from './match/matcher.ts';
import { type Doc, isDocument, isNumeric, regexParts, toNumber, typeCode, typeOrder } from './values.ts';

export interface Edge {
  readonly value: unknown;
  readonly inclusive: boolean;
}

/** What a filter certainly asks of one path: an index on the path can be searched for it, and the filter is checked afterwards. */
export interface Constraint {
  points?: readonly unknown[];
  low?: Edge;
  high?: Edge;
  /** True when a document without the field cannot match. */
  exists: boolean;
  /** The operator conditions as written, to compare with a partial index. */
  readonly written: Doc[];
}

export type Constraints = ReadonlyMap<string, Constraint>;

/** Collects the constraints all matching documents obey: the top level, `$and`, and `$elemMatch` inside them. */
export function constraintsOf(filter: Doc): Constraints {
  const found = new Map<string, Constraint>();
  collect(filter, '', found);
  return found;
}

function collect(filter: Doc, prefix: string, found: Map<string, Constraint>): void {
  for (const [name, condition] of Object.entries(filter)) {
    if (name === '$and' && Array.isArray(condition)) {
      for (const each of condition as unknown[]) if (isDocument(each)) collect(each, prefix, found);
    } else if (!name.startsWith('$')) {
      collectField(prefix + name, condition, found);
    }
  }
}

function collectField(path: string, condition: unknown, found: Map<string, Constraint>): void {
  const constraint = found.get(path) ?? { exists: false, written: [] };
  found.set(path, constraint);
  if (!isOperatorDocument(condition)) {
    constraint.written.push({ $eq: condition });
    if (typeCode(condition) === 11) applyRegex(constraint, condition, undefined);
    else applyPoints(constraint, [condition]);
    return;
  }
  for (const [name, operand] of Object.entries(condition)) {
    constraint.written.push({ [name]: operand });
    if (name === '$elemMatch') collectElemMatch(path, operand, found);
    else if (name === '$regex') applyRegex(constraint, operand, condition['$options']);
    else appliers[name]?.(constraint, operand);
  }
}

function collectElemMatch(path: string, operand: unknown, found: Map<string, Constraint>): void {
  if (!isDocument(operand)) return;
  const constraint = found.get(path);
  if (constraint) constraint.exists = true;
  if (!isOperatorDocument(operand)) collect(operand, `${path}.`, found);
}

const appliers: Readonly<Record<string, (constraint: Constraint, operand: unknown) => void>> = {
  $eq: (constraint, operand) => {
    applyPoints(constraint, [operand]);
  },
  $in: (constraint, operand) => {
    if (Array.isArray(operand)) applyPoints(constraint, operand);
  },
  $all: (constraint, operand) => {
    if (Array.isArray(operand) && operand.length > 0 && !isOperatorDocument(operand[0]))
      applyPoints(constraint, [operand[0]]);
  },
  $gt: (constraint, operand) => {
    applyEdge(constraint, 'low', { value: operand, inclusive: false });
  },
  $gte: (constraint, operand) => {
    applyEdge(constraint, 'low', { value: operand, inclusive: true });
  },
  $lt: (constraint, operand) => {
    applyEdge(constraint, 'high', { value: operand, inclusive: false });
  },
  $lte: (constraint, operand) => {
    applyEdge(constraint, 'high', { value: operand, inclusive: true });
  },
  $exists: (constraint, operand) => {
    if (operand === true || toNumber(operand) === 1) constraint.exists = true;
  },
  $type: (constraint) => {
    constraint.exists = true;
  },
};

/** Arrays and regular expressions cannot be looked up as one key; null also stands for a missing field. */
function applyPoints(constraint: Constraint, values: readonly unknown[]): void {
  if (values.some((value) => typeCode(value) === 4 || typeCode(value) === 11)) return;
  if (!values.some((value) => typeOrder(value) === 0x10)) constraint.exists = true;
  if (constraint.points === undefined || values.length < constraint.points.length) constraint.points = values;
}

/** MinKey, MaxKey, arrays and patterns: what they compare with is not one stretch of an index. */
const unbounded = new Set([0x01, 0xf0, 0x50, 0xb0]);

function applyEdge(constraint: Constraint, side: 'low' | 'high', edge: Edge): void {
  const type = typeOrder(edge.value);
  if (unbounded.has(type) || (isNumeric(edge.value) && Number.isNaN(toNumber(edge.value)))) return;
  if (type !== 0x10) constraint.exists = true;
  const other = side === 'low' ? constraint.high : constraint.low;
  if (other && typeOrder(other.value) !== type) return;
  constraint[side] ??= edge;
}

function applyRegex(constraint: Constraint, operand: unknown, options: unknown): void {
  constraint.exists = true;
  const [pattern, flags] =
    typeof operand === 'string' ? [operand, typeof options === 'string' ? options : ''] : regexParts(operand);
  const prefix = literalPrefix(pattern, typeof options === 'string' ? options : flags);
  if (prefix === '' || constraint.low || constraint.high) return;
  constraint.low = { value: prefix, inclusive: true };
  constraint.high = { value: `${prefix}\u{10FFFF}`, inclusive: true };
}
