import { EJSON } from 'bson';
import type { AdminContext } from '../command.ts';
import { Progress } from '../progress.ts';
import { Cut, readingOrder } from './cut.ts';
import { sealManifest, Tally, type Line, type Manifest } from './manifest.ts';
import { collectionNames, exactDocuments, rawOf, type RawDatabase } from './raw.ts';

/** A snapshot being taken: its lines, and when they are all read, its manifest. */
export interface Reading {
  lines: AsyncIterable<Line>;
  /** Throws while lines are left. */
  manifest(): Manifest;
}

/** Reads the whole database, collection by collection, in constant memory but for the ids of conversations and files. */
export async function readDatabase(context: AdminContext): Promise<Reading> {
  const raw = rawOf(context.database);
  const startedAt = context.now();
  const names = readingOrder(await collectionNames(raw));
  const server = await serverVersion(raw);
  const tally = new Tally();
  const cut = new Cut(startedAt);
  let done: Manifest | null = null;
  async function* lines(): AsyncGenerator<Line> {
    const progress = new Progress(context.err, 'documents read');
    await cut.prepare(raw);
    for (const collection of names) {
      tally.begin(collection);
      for await (const document of exactDocuments(raw, collection)) {
        const kept = cut.keep(collection, document);
        if (!kept) continue;
        const line = { collection, json: EJSON.stringify(kept, { relaxed: false }) };
        tally.add(line);
        progress.add();
        yield line;
      }
    }
    progress.end();
    done = finish(context.now(), await indexesOf(raw));
  }
  const finish = (finishedAt: Date, indexes: ReadonlyMap<string, IndexSpec[]>): Manifest => {
    const collections = tally.result().map((entry) => ({ ...entry, indexes: indexes.get(entry.name) ?? [] }));
    const times = { startedAt: startedAt.toISOString(), finishedAt: finishedAt.toISOString() };
    const content = { kind: 'shuni-snapshot' as const, format: 1 as const, ...times, server };
    return sealManifest({ ...content, keys: [...cut.keys].filter(Boolean).toSorted(), collections }, context.keyring);
  };
  return {
    lines: lines(),
    manifest() {
      if (!done) throw new Error('The snapshot is not read to its end.');
      return done;
    },
  };
}

async function serverVersion(raw: RawDatabase): Promise<string> {
  const info = await raw.command({ buildInfo: 1 });
  return String(info['version']);
}

type IndexSpec = Manifest['collections'][number]['indexes'][number];

/** What describes an index everywhere; the rest of what servers list is their own business. */
const PORTABLE = ['name', 'key', 'unique', 'sparse', 'expireAfterSeconds', 'partialFilterExpression'];

async function indexesOf(raw: RawDatabase): Promise<Map<string, IndexSpec[]>> {
  const found = new Map<string, IndexSpec[]>();
  for (const name of await collectionNames(raw)) {
    const indexes = await raw.collection(name).indexes();
    const portable = indexes
      .filter((index) => index.name !== '_id_')
      .map((index) => Object.fromEntries(Object.entries(index).filter(([option]) => PORTABLE.includes(option))));
    found.set(name, portable as IndexSpec[]);
  }
  return found;
}
