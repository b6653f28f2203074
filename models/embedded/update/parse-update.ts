import { CommandError } from '../errors.ts';
import { isIndex } from '../paths.ts';
import { type Doc, isDocument } from '../values.ts';

/** One change an update asks for: an operator, the path it works on and its operand. */
export interface Change {
  readonly operator: string;
  readonly path: string;
  readonly parts: readonly string[];
  readonly operand: unknown;
}

const operators = new Set([
  '$set', '$unset', '$inc', '$mul', '$min', '$max', '$rename', '$setOnInsert', '$currentDate', '$push', '$addToSet', '$pop', '$pull', '$pullAll', '$bit',
]); // prettier-ignore

/** Whether an update document holds operators; one that mixes fields and operators is refused later. */
export function isOperatorUpdate(update: Doc): boolean {
  return Object.keys(update)[0]?.startsWith('$') === true;
}

/**
 * Reads an operator update into its changes, in the order MongoDB applies them: by path, numbers as numbers.
 * Throws FailedToParse (9), ConflictingUpdateOperators (40), EmptyFieldName (56), DollarPrefixedFieldName (52).
 */
export function parseUpdate(update: Doc): Change[] {
  const changes: Change[] = [];
  for (const [operator, fields] of Object.entries(update)) {
    if (!operators.has(operator))
      throw new CommandError(
        9,
        `Unknown modifier: ${operator}. Expected a valid update modifier or pipeline-style update specified as an array`,
      );
    if (!isDocument(fields))
      throw new CommandError(
        9,
        `Modifiers operate on fields but we found type ${typeof fields} instead. For example: {$mod: {<field>: ...}} not {${operator}: ${String(fields)}}`,
      );
    for (const [path, operand] of Object.entries(fields)) addChange(changes, operator, path, operand);
  }
  changes.sort((a, b) => comparePaths(a.parts, b.parts));
  checkConflicts(changes);
  return changes;
}

function addChange(changes: Change[], operator: string, path: string, operand: unknown): void {
  changes.push({ operator, path, parts: checkedParts(path), operand });
  if (operator !== '$rename') return;
  if (typeof operand !== 'string')
    throw new CommandError(2, `The 'to' field for $rename must be a string: ${path}: ${String(operand)}`);
  if (operand === path)
    throw new CommandError(2, `The source and target field for $rename must differ: ${path}: "${operand}"`);
  if (/(?:^|\.)\$/.test(path) || /(?:^|\.)\$/.test(operand))
    throw new CommandError(2, `The source field for $rename may not be dynamic: ${path}`);
  changes.push({ operator: '$renameTarget', path: operand, parts: checkedParts(operand), operand: path });
}

function checkedParts(path: string): string[] {
  if (path === '') throw new CommandError(56, 'An empty update path is not valid.');
  const parts = path.split('.');
  if (parts.includes(''))
    throw new CommandError(56, `The update path '${path}' contains an empty field name, which is not allowed.`);
  if (parts[0] === '$' || parts[0]?.startsWith('$[') === true)
    throw new CommandError(2, `Cannot have positional (i.e. '$') element in the first position in path '${path}'`);
  const dollar = parts.find(
    (part) =>
      part.startsWith('$') && part !== '$' && !/^\$\[.*\]$/.test(part) && !['$id', '$ref', '$db'].includes(part),
  );
  if (dollar !== undefined)
    throw new CommandError(
      52,
      `The dollar ($) prefixed field '${dollar}' in '${path}' is not allowed in the context of an update's replacement document. Consider using an aggregation pipeline with $replaceWith.`,
    );
  if (parts.filter((part) => part === '$').length > 1)
    throw new CommandError(2, `Too many positional (i.e. '$') elements found in path '${path}'`);
  return parts;
}

function comparePart(a: string, b: string): number {
  if (isIndex(a) && isIndex(b)) return Number(a) - Number(b);
  return a < b ? -1 : Number(a > b);
}

function comparePaths(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i += 1) {
    const order = comparePart(a[i] ?? '', b[i] ?? '');
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function checkConflicts(changes: readonly Change[]): void {
  for (const [at, change] of changes.entries()) {
    const next = changes[at + 1];
    if (next && change.parts.every((part, index) => next.parts[index] === part))
      throw new CommandError(40, `Updating the path '${next.path}' would create a conflict at '${change.path}'`);
  }
}
