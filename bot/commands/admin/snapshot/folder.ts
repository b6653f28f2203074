import { createReadStream } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import type { WriteStream } from 'node:fs';
import { AdminProblem } from '../command.ts';
import { readManifest, type Line, type Manifest } from './manifest.ts';
import type { Reading } from './read-database.ts';
import { writeWhole } from './safe-file.ts';
import { splitLines } from './split-lines.ts';

const MANIFEST = 'manifest.json';

/**
 * Writes a snapshot into a new or empty folder: `<collection>.jsonl`, and when all are whole, `manifest.json`.
 * Throws AdminProblem when the folder holds something.
 */
export async function writeFolder(reading: Reading, folder: string): Promise<Manifest> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if ((await readdir(folder)).length > 0) throw new AdminProblem(`${folder} is not empty; name a new folder.`);
  const lines = reading.lines[Symbol.asyncIterator]();
  for (let next = await lines.next(); !next.done;) {
    const { collection } = next.value;
    next = await writeWhole(join(folder, `${collection}.jsonl`), (to) => writeCollection(collection, next, lines, to));
  }
  const manifest = reading.manifest();
  await writeWhole(join(folder, MANIFEST), async (to) => {
    to.end(`${JSON.stringify(manifest, null, 2)}\n`);
    await finished(to);
  });
  return manifest;
}

/** Writes lines as long as they belong to the collection; returns the first that does not. */
async function writeCollection(
  collection: string,
  first: IteratorResult<Line, unknown>,
  lines: AsyncIterator<Line>,
  to: WriteStream,
): Promise<IteratorResult<Line, unknown>> {
  let next = first;
  for (; !next.done && next.value.collection === collection; next = await lines.next()) {
    if (!to.write(`${next.value.json}\n`)) await once(to, 'drain');
  }
  to.end();
  await finished(to);
  return next;
}

/** The manifest of an exported folder. Throws AdminProblem when there is none: the export did not come to its end. */
export async function readFolderManifest(folder: string): Promise<Manifest> {
  let json: string;
  try {
    json = await readFile(join(folder, MANIFEST), 'utf8');
  } catch {
    throw new AdminProblem(`${folder} holds no ${MANIFEST}: it is no export, or the export was cut off. Export again.`);
  }
  return readManifest(json);
}

/** The lines of an exported folder, in the order of its manifest. */
export async function* readFolder(folder: string, manifest: Manifest): AsyncGenerator<Line> {
  for (const { name, count } of manifest.collections) {
    if (count === 0) continue;
    for await (const json of splitLines(createReadStream(join(folder, `${name}.jsonl`))))
      yield { collection: name, json };
  }
}
