import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Check, Found, World } from './check.ts';

/** A number of Ofcom's drama range in any writing, but not as part of a longer number (a time in milliseconds). */
const NUMBER = /(?<!\d)(?:\+|00)?(?:44|0)7700\s?900\d{3}(?!\d)/;
/** What marks each story (residents/resident.ts). */
const MARK = /#zq\d+x[0-9a-z]+q/;

/** No service process logs a number, a word of a resident or a secret, at any level. */
export const logs: Check = {
  name: 'logs',
  async run(world) {
    const found: Found[] = [];
    for (const file of world.logFiles) {
      let line = 0;
      for await (const text of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
        line++;
        const what = leak(text, world);
        if (what !== undefined) found.push({ id: `${file}:${line}`, what });
        if (found.length > 50) return found;
      }
    }
    return found;
  },
};

function leak(text: string, { secrets }: World): string | undefined {
  if (NUMBER.test(text)) return 'a resident’s number in a log';
  if (MARK.test(text)) return 'a resident’s words in a log';
  if (secrets.some((secret) => text.includes(secret))) return 'a secret in a log';
  return undefined;
}
