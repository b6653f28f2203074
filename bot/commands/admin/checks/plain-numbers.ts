import { collectionNames } from '../snapshot/raw.ts';
import { scan, type Check } from './check.ts';

/** International numbers, and British mobile numbers however they are begun. Ids of providers have letters around digits. */
const NUMBER = /(?<![\p{L}\p{N}_+])(?:\+[1-9]\d{7,14}|(?:0044|44|0)7\d{9})(?![\p{L}\p{N}_])/u;

/** What a resident says themselves may hold numbers; so may what we are written to at (`sender`), which is ours. */
const SAID: readonly string[] = ['text', 'name', 'title', 'label', 'because', 'sender', 'choices'];

/** Bytes of files, and what staff set up, such as the numbers of those on call. */
const NOT_SCANNED: readonly string[] = ['media.chunks', 'settings', 'services', 'staff'];

/** Numbers stand sealed among a person's addresses, and nowhere else. */
export const plainNumbers: Check = {
  name: 'plain-numbers',
  promise: "nobody's phone number is an id, a key or a field: it is sealed, or part of what they said",
  async *run(context) {
    for (const collection of await collectionNames(context.raw)) {
      if (NOT_SCANNED.includes(collection)) continue;
      for await (const document of scan(context, collection, {})) {
        const path = find(document, '');
        if (path === null) continue;
        yield { id: `${collection}/${idOf(document)}`, what: `holds a phone number in plain at ${path}` };
      }
    }
  },
};

/** The path of the first plain number; null when there is none. */
function find(value: unknown, path: string): string | null {
  if (typeof value === 'string') return value.length >= 8 && NUMBER.test(value) ? path : null;
  if (Array.isArray(value))
    return first(
      value.map((inner, i) => [String(i), inner]),
      path,
    );
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return null;
  return first(Object.entries(value), path);
}

function first(entries: [string, unknown][], path: string): string | null {
  for (const [key, value] of entries) {
    if (SAID.includes(key)) continue;
    if (key.length >= 8 && NUMBER.test(key)) return `a key of ${path === '' ? 'the document' : path}`;
    const found = find(value, path === '' ? key : `${path}.${key}`);
    if (found !== null) return found;
  }
  return null;
}

/** An id that is a number must not be printed either. Files of other makers have ids that are no strings. */
function idOf({ _id }: { _id: unknown }): string {
  const id = String(_id);
  return NUMBER.test(id) ? '(its id is a number)' : id;
}
