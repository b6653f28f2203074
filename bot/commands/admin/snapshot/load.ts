import { EJSON, type Document } from 'bson';
import type { AdminContext } from '../command.ts';
import { Progress } from '../progress.ts';
import { Tally, type Line, type Manifest } from './manifest.ts';
import { rawOf, type RawDatabase } from './raw.ts';

/** So many documents, or so many characters of them, go into one insert. */
const BATCH = 1000;
const BATCH_CHARACTERS = 4_000_000;

/** What became of the documents of a snapshot. */
export interface Loaded {
  added: number;
  /** There under the same id already, left as they are. */
  present: number;
  /** Not stored because something unique in them belongs to another document: `collection id`. */
  conflicts: string[];
  tally: ReturnType<Tally['result']>;
}

/** Stores the lines of a snapshot, indexes first. What is there already under the same id stays as it is. */
export async function loadLines(
  context: AdminContext,
  manifest: Manifest,
  lines: AsyncIterable<Line>,
): Promise<Loaded> {
  const raw = rawOf(context.database);
  await context.database.ensureIndexes();
  await buildIndexes(context, raw, manifest);
  const progress = new Progress(context.err, 'documents stored');
  const tally = new Tally();
  const loaded: Omit<Loaded, 'tally'> = { added: 0, present: 0, conflicts: [] };
  for await (const batch of batches(lines, tally)) {
    await insert(raw, batch, loaded);
    progress.add(batch.documents.length);
  }
  progress.end();
  return { ...loaded, tally: tally.result() };
}

interface Batch {
  collection: string;
  documents: Document[];
}

async function* batches(lines: AsyncIterable<Line>, tally: Tally): AsyncGenerator<Batch> {
  let batch: Batch = { collection: '', documents: [] };
  let characters = 0;
  for await (const line of lines) {
    const full = batch.documents.length >= BATCH || characters >= BATCH_CHARACTERS;
    if (batch.documents.length > 0 && (full || line.collection !== batch.collection)) {
      yield batch;
      batch = { collection: line.collection, documents: [] };
      characters = 0;
    }
    batch.collection = line.collection;
    batch.documents.push(EJSON.parse(line.json, { relaxed: false }) as Document);
    characters += line.json.length;
    tally.add(line);
  }
  if (batch.documents.length > 0) yield batch;
}

async function insert(raw: RawDatabase, batch: Batch, loaded: Omit<Loaded, 'tally'>): Promise<void> {
  try {
    await raw.collection(batch.collection).insertMany(batch.documents, { ordered: false });
    loaded.added += batch.documents.length;
  } catch (error) {
    const refused = duplicatesIn(error);
    loaded.added += batch.documents.length - refused.length;
    const ids = refused.map((index) => batch.documents[index]?.['_id'] as never);
    const there = await raw
      .collection(batch.collection)
      .find({ _id: { $in: ids } }, { projection: { _id: 1 } })
      .toArray();
    const present = new Set(there.map((document) => String(document._id)));
    loaded.present += present.size;
    loaded.conflicts.push(
      ...ids.filter((id) => !present.has(String(id))).map((id) => `${batch.collection} ${String(id)}`),
    );
  }
}

/** Places in a batch that were refused as duplicates. Throws the error when it is about anything else. */
function duplicatesIn(error: unknown): number[] {
  const { writeErrors } = error as { writeErrors?: unknown };
  const list = (Array.isArray(writeErrors) ? writeErrors : [writeErrors]) as (
    { code?: number; index?: number } | undefined
  )[];
  return list.map((entry) => {
    if (entry?.code !== 11000 || entry.index === undefined) throw error;
    return entry.index;
  });
}

/** What GridFS itself builds, but only when it stores into an empty bucket (MongoDB's GridFS specification, Indexes). */
const GRIDFS: Manifest['collections'] = [
  { name: 'media.files', indexes: [{ name: 'filename_1_uploadDate_1', key: { filename: 1, uploadDate: 1 } }] },
  { name: 'media.chunks', indexes: [{ name: 'files_id_1_n_1', key: { files_id: 1, n: 1 }, unique: true }] },
].map((bucket) => ({ ...bucket, count: 0, sha256: '' }));

/** Indexes of collections that no model describes. */
async function buildIndexes({ database }: AdminContext, raw: RawDatabase, manifest: Manifest): Promise<void> {
  const described = new Set(Object.values(database.connection.models).map((model) => model.collection.collectionName));
  for (const { name } of GRIDFS) described.add(name);
  const others = manifest.collections.filter(({ name, indexes }) => !described.has(name) && indexes.length > 0);
  for (const { name, indexes } of [...GRIDFS, ...others]) await raw.collection(name).createIndexes(indexes as never);
}
