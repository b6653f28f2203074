import { Readable, Writable } from 'node:stream';
import { verify as command } from '../../../bot/commands/admin/verify.ts';
import type { Check, Found } from './check.ts';

/** `npm run admin -- verify` finds nothing broken. */
export const verify: Check = {
  name: 'verify',
  async run({ database, keyring }) {
    const lines: string[] = [];
    const out = new Writable({
      write(chunk: Buffer, _encoding, done) {
        lines.push(chunk.toString('utf8'));
        done();
      },
    });
    const err = new Writable({ write: (_chunk, _encoding, done) => done() }); // eslint-disable-line @typescript-eslint/no-confusing-void-expression
    const context = {
      database,
      keyring,
      config: { dataDir: '' },
      in: Readable.from([]),
      out,
      err,
      now: () => new Date(),
    };
    await command.plan(['--json'])(context);
    return lines.join('').split('\n').flatMap(problemsOf);
  },
};

function problemsOf(line: string): Found[] {
  if (line === '') return [];
  const { name, problems } = JSON.parse(line) as { name: string; problems: { id: string; what: string }[] };
  return problems.map(({ id, what }) => ({ id, what: `${name}: ${what}` }));
}
