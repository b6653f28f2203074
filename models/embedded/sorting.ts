import { CommandError } from './errors.ts';
import { emptyArrayKey, encodeValue } from './key-encoding.ts';
import { leafValues } from './paths.ts';
import { compareValues, type Doc, toNumber, typeOrder } from './values.ts';

export type SortSpec = readonly (readonly [path: string, direction: 1 | -1])[];

/** Reads a sort document. Throws BadValue for directions other than 1 and -1, and for `$meta`. */
export function parseSort(sort: Doc): SortSpec {
  return Object.entries(sort).map(([path, given]) => {
    const direction = toNumber(given);
    if (path === '') throw new CommandError(40352, 'FieldPath cannot be constructed with empty string');
    if (direction === undefined)
      throw new CommandError(15974, `Illegal key in $sort specification: ${path}: ${JSON.stringify(given)}`);
    if (direction !== 1 && direction !== -1)
      throw new CommandError(15975, `$sort key ordering must be 1 (for ascending) or -1 (for descending)`);
    return [path, direction];
  });
}

/** What a document sorts by at a path: of an array its least element ascending, its greatest descending. */
function sortValue(doc: Doc, parts: readonly string[], direction: number): unknown {
  const { values, array } = leafValues(doc, parts);
  if (!array) return values[0];
  return values.reduce((best, value) => (compareSortable(value, best) * direction < 0 ? value : best));
}

/** An empty array sorts before null, as MongoDB's undefined does. */
function compareSortable(a: unknown, b: unknown): number {
  return compareValues(emptyIsLow(a), emptyIsLow(b));
}

function emptyIsLow(value: unknown): unknown {
  return Array.isArray(value) && value.length === 0 ? null : value;
}

/** The sort key of a document as bytes: comparing keys gives the order of the documents. */
export function sortKey(doc: Doc, spec: readonly { parts: readonly string[]; direction: 1 | -1 }[]): Buffer {
  const keys = spec.map(({ parts, direction }) => {
    const value = sortValue(doc, parts, direction);
    return encodeValue(Array.isArray(value) && value.length === 0 ? emptyArrayKey : value, direction === -1);
  });
  return keys.length === 1 && keys[0] ? keys[0] : Buffer.concat(keys);
}

export function splitSort(spec: SortSpec): { parts: string[]; direction: 1 | -1 }[] {
  return spec.map(([path, direction]) => ({ parts: path.split('.'), direction }));
}

/** Compares documents by a sort; for the small sorts of `$push`. */
export function compareBy(spec: SortSpec): (a: Doc, b: Doc) => number {
  const split = splitSort(spec);
  return (a, b) => {
    for (const { parts, direction } of split) {
      const x = sortValue(a, parts, direction);
      const y = sortValue(b, parts, direction);
      const order = typeOrder(x) - typeOrder(y) || compareValues(x, y);
      if (order !== 0) return order * direction;
    }
    return 0;
  };
}
