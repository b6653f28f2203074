import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * How a text read when it was last reviewed; `expect(text).toBe(await reviewed(path, text))`. UPDATE_GOLDEN=1 writes the file
 * anew from `text`, to be reviewed as a diff. `path` is relative to the repository.
 */
export async function reviewed(path: string, text: string): Promise<string> {
  if (process.env['UPDATE_GOLDEN'] === '1') {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
  return readFile(path, 'utf8').catch(() => '(no such file yet: run with UPDATE_GOLDEN=1 and read it)\n');
}
