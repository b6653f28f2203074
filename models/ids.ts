import { createHash, randomBytes } from 'node:crypto';

/** A new opaque id: 120 random bits as 20 URL-safe characters. */
export function newId(): string {
  return randomBytes(15).toString('base64url');
}

/**
 * An id that follows from others: the same parts give the same id, so doing a piece of work twice leaves the same rows.
 * 120 bits of SHA-256 over the parts, each preceded by its length so that ('ab','c') and ('a','bc') differ.
 */
export function deriveId(...parts: (string | number)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${String(part).length}:${part};`);
  return hash.digest().subarray(0, 15).toString('base64url');
}
