import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

/** One 32-byte secret with the id under which what it protects is marked. */
export interface SecretKey {
  id: string;
  secret: Buffer;
}

/** Something encrypted at rest: which key, and nonce + ciphertext + tag as one base64url string. */
export interface Sealed {
  keyId: string;
  box: string;
}

type Use = 'seal' | 'hash' | 'token';

/**
 * Encrypts addresses (AES-256-GCM, NIST SP 800-38D, random 96-bit nonce) and looks them up by keyed hash (HMAC-SHA-256).
 * The newest key comes first and is used for everything new; older keys still open and find what they protected.
 * Each use has its own key derived by HKDF (RFC 5869), so a hash can never serve as a cipher key.
 */
export class Keyring {
  private readonly keys: readonly { id: string; uses: Record<Use, Buffer> }[];

  /** @param keys newest first; throws when empty, when an id repeats or when a secret is not 32 bytes. */
  constructor(keys: readonly SecretKey[]) {
    if (keys.length === 0) throw new Error('A keyring needs at least one key.');
    if (new Set(keys.map((key) => key.id)).size !== keys.length) throw new Error('Two keys have the same id.');
    this.keys = keys.map((key) => ({ id: key.id, uses: derive(key) }));
  }

  get newestId(): string {
    return this.newest.id;
  }

  get ids(): string[] {
    return this.keys.map((key) => key.id);
  }

  /** Encrypts under the newest key. `context` must be given again to open: a box moved to another row does not open. */
  seal(plain: string, context: string): Sealed {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.newest.uses.seal, nonce);
    cipher.setAAD(Buffer.from(context));
    const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
    return { keyId: this.newest.id, box: Buffer.concat([nonce, body, cipher.getAuthTag()]).toString('base64url') };
  }

  /** Opens what `seal` made. Throws when the key is missing, the box was altered or the context differs. */
  open(sealed: Sealed, context: string): string {
    const key = this.keys.find((candidate) => candidate.id === sealed.keyId);
    if (!key)
      throw new Error(`No secret key with id "${sealed.keyId}": keep it in SECRET_KEYS until rotate-keys has run.`);
    const bytes = Buffer.from(sealed.box, 'base64url');
    const decipher = createDecipheriv('aes-256-gcm', key.uses.seal, bytes.subarray(0, 12));
    decipher.setAAD(Buffer.from(context));
    decipher.setAuthTag(bytes.subarray(-16));
    return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString('utf8');
  }

  /** Keyed hash under the newest key, marked with the key's id: `k1.…`. */
  hash(value: string): string {
    return keyedHash(this.newest, value);
  }

  /** The keyed hashes of a value under every key, newest first: what to look for while keys rotate. */
  hashes(value: string): string[] {
    return this.keys.map((key) => keyedHash(key, value));
  }

  private get newest(): { id: string; uses: Record<Use, Buffer> } {
    const [first] = this.keys;
    if (!first) throw new Error('A keyring needs at least one key.');
    return first;
  }
}

function keyedHash(key: { id: string; uses: Record<Use, Buffer> }, value: string): string {
  return `${key.id}.${createHmac('sha256', key.uses.hash).update(value).digest('base64url')}`;
}

function derive(key: SecretKey): Record<Use, Buffer> {
  if (key.secret.length !== 32) throw new Error(`The secret of key "${key.id}" is ${key.secret.length} bytes, not 32.`);
  const use = (name: Use): Buffer => Buffer.from(hkdfSync('sha256', key.secret, 'shuni', name, 32));
  return { seal: use('seal'), hash: use('hash'), token: use('token') };
}
