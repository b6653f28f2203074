import { emptyArrayKey, encodeCompound, encodeValue, storedKey } from './key-encoding.ts';
import type { Matcher } from './match/matcher.ts';
import { CommandError } from './errors.ts';
import { leafValues } from './paths.ts';
import { type Doc, field } from './values.ts';

/** What decides the keys of one index. */
export interface KeySource {
  readonly paths: readonly (readonly string[])[];
  readonly directions: readonly number[];
  readonly sparse: boolean;
  readonly partial: Matcher | undefined;
}

export interface IndexKeys {
  readonly keys: readonly Buffer[];
  readonly multikey: boolean;
  readonly shortened: boolean;
}

const none: IndexKeys = { keys: [], multikey: false, shortened: false };

/** The keys a document has in an index: several when a path meets an array (multikey), none when sparse or partial leaves it out. */
export function indexKeys(source: KeySource, doc: Doc): IndexKeys {
  if (source.partial && !source.partial(doc)) return none;
  if (source.paths.length === 1 && source.paths[0]?.length === 1)
    return topLevelKeys(source, doc, source.paths[0][0] ?? '');
  const columns = source.paths.map((path) => leafValues(doc, path));
  if (source.sparse && columns.every((column) => column.values.every((value) => value === undefined))) return none;
  const arrays = columns.filter((column) => column.array);
  if (arrays.length > 1) rejectParallel(source, columns);
  const rows = columns.reduce<unknown[][]>(
    (partial, column) => partial.flatMap((row) => column.values.map((value) => [...row, keyValue(value)])),
    [[]],
  );
  return store(
    rows.map((row) => encodeCompound(row, source.directions)),
    arrays.length > 0,
  );
}

function topLevelKeys(source: KeySource, doc: Doc, name: string): IndexKeys {
  const value = field(doc, name);
  if (value === undefined && source.sparse) return none;
  const descending = source.directions[0] === -1;
  if (!Array.isArray(value)) return store([encodeValue(value, descending)], false);
  const elements = value.length === 0 ? [emptyArrayKey] : (value as unknown[]);
  return store(
    elements.map((element) => encodeValue(element, descending)),
    true,
  );
}

function keyValue(value: unknown): unknown {
  return Array.isArray(value) && value.length === 0 ? emptyArrayKey : value;
}

function store(keys: readonly Buffer[], multikey: boolean): IndexKeys {
  const unique = new Map<string, Buffer>();
  let shortened = false;
  for (const key of keys) {
    const stored = storedKey(key);
    shortened ||= stored.shortened;
    unique.set(keys.length === 1 ? '' : stored.key.toString('latin1'), stored.key);
  }
  return { keys: [...unique.values()], multikey, shortened };
}

/** Arrays below one field are one array of documents; independent ones are refused, as their keys would multiply. */
function rejectParallel(source: KeySource, columns: readonly { array: boolean }[]): void {
  const roots = new Set(source.paths.filter((_path, index) => columns[index]?.array).map((path) => path[0]));
  if (roots.size > 1) throw new CommandError(171, `cannot index parallel arrays [${[...roots].join('] [')}]`);
}
