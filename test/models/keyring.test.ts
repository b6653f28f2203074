import { describe, expect, test } from '@jest/globals';
import { Keyring } from '../../models/keyring.ts';

const key = (id: string, fill: number): { id: string; secret: Buffer } => ({ id, secret: Buffer.alloc(32, fill) });
const NUMBER = '+447700900123';

describe('keyring', () => {
  const ring = new Keyring([key('k1', 1)]);
  const rotated = new Keyring([key('k2', 2), key('k1', 1)]);

  test.each([NUMBER, '', 'GB.208…', '👩🏽‍⚕️ রোগী', 'x'.repeat(10_000)])('what is sealed opens again: %s', (plain) => {
    expect(ring.open(ring.seal(plain, 'person'), 'person')).toBe(plain);
  });

  test('sealing the same twice looks different, and never shows the plain text', () => {
    const [a, b] = [ring.seal(NUMBER, 'p'), ring.seal(NUMBER, 'p')];
    expect(a.box).not.toBe(b.box);
    expect(Buffer.from(a.box, 'base64url').includes(NUMBER)).toBe(false);
  });

  test('a box moved to another person, or altered, does not open', () => {
    const sealed = ring.seal(NUMBER, 'p1');
    expect(() => ring.open(sealed, 'p2')).toThrow();
    const bytes = Buffer.from(sealed.box, 'base64url');
    bytes[14] = (bytes[14] ?? 0) ^ 1;
    expect(() => ring.open({ ...sealed, box: bytes.toString('base64url') }, 'p1')).toThrow();
  });

  test('after a rotation old boxes open, new ones use the newest key, and both hashes are searched', () => {
    const old = ring.seal(NUMBER, 'p');
    expect(rotated.open(old, 'p')).toBe(NUMBER);
    expect(rotated.seal(NUMBER, 'p').keyId).toBe('k2');
    expect(rotated.hashes(NUMBER)).toContain(ring.hash(NUMBER));
    expect(rotated.hash(NUMBER)).not.toBe(ring.hash(NUMBER));
  });

  test('a missing key says which one to keep', () => {
    const sealed = rotated.seal(NUMBER, 'p');
    expect(() => ring.open(sealed, 'p')).toThrow(/"k2".*SECRET_KEYS/);
  });

  test.each([
    ['none', []],
    ['two of one id', [key('k1', 1), key('k1', 2)]],
    ['one too short', [{ id: 'k1', secret: Buffer.alloc(31) }]],
  ])('%s is no keyring', (_label, keys) => {
    expect(() => new Keyring(keys)).toThrow();
  });
});
