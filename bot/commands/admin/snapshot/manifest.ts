import { createHash, type Hash } from 'node:crypto';
import { z } from 'zod';
import type { Keyring } from '../../../../models/keyring.ts';
import { AdminProblem } from '../command.ts';

const indexSchema = z.looseObject({ name: z.string(), key: z.record(z.string(), z.unknown()) });

const manifestSchema = z.object({
  kind: z.literal('shuni-snapshot'),
  /** Of the files, not of the service: what is read here was written so. */
  format: z.literal(1),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  server: z.string(),
  /** Ids of the secret keys without which the addresses inside cannot be opened. */
  keys: z.array(z.string()),
  collections: z.array(
    z.object({
      name: z.string().regex(/^[\w.-]+$/),
      count: z.int().nonnegative(),
      sha256: z.string(),
      indexes: z.array(indexSchema),
    }),
  ),
  /** Keyed hash over all of the above. */
  seal: z.string(),
});

/** What a snapshot holds: counts and checksums by collection, sealed under our newest key against being altered. */
export type Manifest = z.infer<typeof manifestSchema>;

/** One stored document on its way: where it belongs, and itself as canonical Extended JSON (MongoDB, v2) in one line. */
export interface Line {
  collection: string;
  json: string;
}

/** Counts and checksums lines by collection. */
export class Tally {
  private readonly collections = new Map<string, { count: number; hash: Hash }>();

  begin(collection: string): void {
    if (!this.collections.has(collection)) this.collections.set(collection, { count: 0, hash: createHash('sha256') });
  }

  add({ collection, json }: Line): void {
    this.begin(collection);
    const entry = this.collections.get(collection);
    if (!entry) return;
    entry.count++;
    entry.hash.update(json).update('\n');
  }

  /** Ends the tally. */
  result(): { name: string; count: number; sha256: string }[] {
    return [...this.collections].map(([name, { count, hash }]) => ({ name, count, sha256: hash.digest('hex') }));
  }
}

/** Seals what is known about a snapshot. */
export function sealManifest(content: Omit<Manifest, 'seal'>, keyring: Keyring): Manifest {
  return { ...content, seal: keyring.hash(canonical(content)) };
}

/** Reads a manifest. Throws AdminProblem when it is none, or not of a format we know. */
export function readManifest(json: string): Manifest {
  try {
    return manifestSchema.parse(JSON.parse(json));
  } catch {
    throw new AdminProblem('This is no snapshot of Shuni, its manifest is damaged, or a newer version wrote it.');
  }
}

/**
 * Whether the seal is ours: `unknown` when it was made under a key that is not among ours, `broken` when it is ours and does
 * not fit, so somebody altered the snapshot after it was made.
 */
export function checkSeal(manifest: Manifest, keyring: Keyring): 'good' | 'unknown' | 'broken' {
  const { seal, ...content } = manifest;
  if (keyring.hashes(canonical(content)).includes(seal)) return 'good';
  return keyring.ids.includes(seal.slice(0, seal.indexOf('.'))) ? 'broken' : 'unknown';
}

/** What differs between what a manifest promises and what was found; empty when nothing does. */
export function differences(manifest: Manifest, found: ReturnType<Tally['result']>): string[] {
  const byName = new Map(found.map((entry) => [entry.name, entry]));
  const promised = manifest.collections.flatMap(({ name, count, sha256 }) => {
    const is = byName.get(name);
    if ((is?.count ?? 0) !== count) return [`${name} holds ${is?.count ?? 0} documents instead of ${count}`];
    return count > 0 && is?.sha256 !== sha256 ? [`${name} was altered: its checksum differs`] : [];
  });
  const known = new Set(manifest.collections.map(({ name }) => name));
  return [...promised, ...found.filter(({ name }) => !known.has(name)).map(({ name }) => `${name} was added`)];
}

/** The same text for the same content, whatever the order its properties were read in. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join(',')}}`;
}
