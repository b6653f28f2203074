import { createReadStream } from 'node:fs';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { AdminProblem } from '../command.ts';
import { readManifest, type Line, type Manifest } from './manifest.ts';
import type { Reading } from './read-database.ts';
import { splitLines } from './split-lines.ts';

/** The first line of every archive; the manifest is the last, because only then everything is counted. */
const FIRST = 'shuni-snapshot\t1';
const MANIFEST = '#manifest';

/** Gathers so many characters before they are handed on. */
const CHUNK = 65_536;

/**
 * Writes a snapshot as one gzip-compressed stream of lines, `collection TAB document`, and returns its manifest.
 * `end` false leaves the stream open.
 */
export async function writeArchive(reading: Reading, to: Writable, options: { end?: boolean } = {}): Promise<Manifest> {
  async function* text(): AsyncGenerator<string> {
    let gathered = `${FIRST}\n`;
    for await (const { collection, json } of reading.lines) {
      gathered += `${collection}\t${json}\n`;
      if (gathered.length < CHUNK) continue;
      yield gathered;
      gathered = '';
    }
    yield `${gathered}${MANIFEST}\t${JSON.stringify(reading.manifest())}\n`;
  }
  await pipeline(Readable.from(text()), createGzip(), to, { end: options.end ?? true });
  return reading.manifest();
}

/**
 * Reads an archive. `onManifest` is told the manifest, which comes last. Throws AdminProblem when the file is no archive, is
 * damaged or ends before its manifest.
 */
export async function* readArchive(file: string, onManifest: (manifest: Manifest) => void): AsyncGenerator<Line> {
  const source = createReadStream(file);
  const bytes = source.pipe(createGunzip());
  source.on('error', (error) => bytes.destroy(error));
  try {
    yield* readLines(splitLines(bytes), onManifest);
  } catch (error) {
    throw error instanceof AdminProblem ? error : explained(error as NodeJS.ErrnoException, file);
  } finally {
    source.destroy();
  }
}

async function* readLines(
  lines: AsyncIterable<string>,
  onManifest: (manifest: Manifest) => void,
): AsyncGenerator<Line> {
  let begun = false;
  let complete = false;
  for await (const line of lines) {
    if (!begun && line !== FIRST) throw new AdminProblem('This is no backup of Shuni.');
    if (complete) throw new AdminProblem('The backup goes on after its end: it was altered.');
    if (begun) {
      const { collection, json } = cut(line);
      complete = collection === MANIFEST;
      if (complete) onManifest(readManifest(json));
      else yield { collection, json };
    }
    begun = true;
  }
  if (!complete) throw new AdminProblem('The backup ends too early: it was cut off. Use another one.');
}

function cut(line: string): Line {
  const tab = line.indexOf('\t');
  if (tab < 0) throw new AdminProblem('The backup holds a line that belongs nowhere: it was altered.');
  return { collection: line.slice(0, tab), json: line.slice(tab + 1) };
}

function explained(error: NodeJS.ErrnoException, file: string): AdminProblem {
  if (error.code === 'ENOENT') return new AdminProblem(`There is no file ${file}.`);
  if (error.code?.startsWith('Z_') ?? false)
    return new AdminProblem('The backup is damaged or cut off (its compression does not add up). Use another one.');
  return new AdminProblem(`${file} cannot be read (${error.code ?? 'unknown error'}).`);
}
