import { CommandError } from '../errors.ts';
import { compileFilter, type MatchOptions, type ValueTest } from '../match/matcher.ts';
import { type Doc, isDocument } from '../values.ts';
import type { Change } from './parse-update.ts';

/** Array filters by identifier: which elements `$[identifier]` stands for. */
export type ArrayFilters = ReadonlyMap<string, ValueTest>;

/** Compiles arrayFilters. Throws FailedToParse (9) for filters that are malformed, doubled or not used by any path. */
export function compileArrayFilters(
  filters: readonly unknown[],
  changes: readonly Change[],
  options: MatchOptions = {},
): ArrayFilters {
  const compiled = new Map<string, ValueTest>();
  for (const filter of filters) {
    if (!isDocument(filter)) throw new CommandError(14, 'arrayFilters must be documents');
    const identifier = identifierOf(filter);
    if (compiled.has(identifier))
      throw new CommandError(9, `Found multiple array filters with the same top-level field name ${identifier}`);
    const matcher = compileFilter(filter, options);
    compiled.set(identifier, (element) => matcher({ [identifier]: element }));
  }
  checkUse(compiled, changes);
  return compiled;
}

function checkUse(compiled: ArrayFilters, changes: readonly Change[]): void {
  const used = new Set<string>();
  for (const { parts, path } of changes)
    for (const part of parts) {
      const name = /^\$\[(.+)\]$/.exec(part)?.[1];
      if (name === undefined) continue;
      if (!compiled.has(name))
        throw new CommandError(2, `No array filter found for identifier '${name}' in path '${path}'`);
      used.add(name);
    }
  const unused = [...compiled.keys()].find((name) => !used.has(name));
  if (unused !== undefined)
    throw new CommandError(9, `The array filter for identifier '${unused}' was not used in the update`);
}

function identifierOf(filter: Doc): string {
  const names = new Set(topLevelNames(filter));
  const [name] = names;
  if (name === undefined)
    throw new CommandError(9, 'Cannot use an expression without a top-level field name in arrayFilters');
  if (names.size > 1)
    throw new CommandError(
      9,
      `Error parsing array filter :: caused by :: Expected a single top-level field name, found '${[...names].join("' and '")}'`,
    );
  if (!/^[a-z][a-zA-Z0-9]*$/.test(name))
    throw new CommandError(
      2,
      `Error parsing array filter :: caused by :: The top-level field name must be an alphanumeric string beginning with a lowercase letter, found '${name}'`,
    );
  return name;
}

function topLevelNames(filter: Doc): string[] {
  return Object.entries(filter).flatMap(([name, value]) =>
    name.startsWith('$') && Array.isArray(value)
      ? (value as unknown[]).flatMap((each) => (isDocument(each) ? topLevelNames(each) : []))
      : [name.split('.')[0] ?? ''],
  );
}
