import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Keyring, type SecretKey } from '../models/keyring.ts';

/**
 * The keyring of this service: from SECRET_KEYS, else from DATA_DIR/secret-keys, which is made on the first start in
 * development (readable by its owner only). Two processes starting at once agree on one file.
 */
export async function loadKeyring(configured: readonly SecretKey[] | undefined, dataDir: string): Promise<Keyring> {
  if (configured) return new Keyring(configured);
  const file = join(dataDir, 'secret-keys');
  await mkdir(dataDir, { recursive: true });
  try {
    const handle = await open(file, 'wx', 0o600);
    await handle.writeFile(`k1:${randomBytes(32).toString('base64')}\n`);
    await handle.sync();
    await handle.close();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return new Keyring(await readKeyFile(file));
}

async function readKeyFile(file: string): Promise<SecretKey[]> {
  // Another process may have made the file and not filled it yet.
  for (let attempt = 0; attempt < 50; attempt++) {
    const text = (await readFile(file, 'utf8')).trim();
    if (text) return text.split(/[\s,]+/).map((entry) => parseKey(entry, file));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(
    `${file} is empty. If nothing is stored yet, delete it and start again; else restore it from a backup.`,
  );
}

function parseKey(entry: string, file: string): SecretKey {
  const [id, base64] = entry.split(':');
  if (!id || !base64) throw new Error(`${file} holds a line that is not id:base64. Restore it from a backup.`);
  return { id, secret: Buffer.from(base64, 'base64') };
}
