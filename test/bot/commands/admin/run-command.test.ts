import { describe, expect, test } from '@jest/globals';
import { PassThrough, Readable } from 'node:stream';
import { AdminProblem, UsageError, type AdminCommand } from '../../../../bot/commands/admin/command.ts';
import { commands } from '../../../../bot/commands/admin/commands.ts';
import { runCommand } from '../../../../bot/commands/admin/run-command.ts';
import { containing } from './said.ts';

async function call(argv: readonly string[], list: readonly AdminCommand[] = commands) {
  const out = new PassThrough({ encoding: 'utf8' });
  const err = new PassThrough({ encoding: 'utf8' });
  let opened = 0;
  let closed = 0;
  const code = await runCommand(list, argv, { in: Readable.from([]), out, err }, () => {
    opened++;
    return Promise.resolve({
      context: {} as never,
      close: () => {
        closed++;
        return Promise.resolve();
      },
    });
  });
  return { code, opened, closed, out: String(out.read() ?? ''), err: String(err.read() ?? '') };
}

const command = (run: AdminCommand['plan']): AdminCommand => ({
  name: 'x',
  summary: 's',
  usage: 'Usage: x',
  plan: run,
});

describe('runCommand', () => {
  test('an unknown command lists the commands, opens nothing and ends with 2', async () => {
    const said = await call(['no-such']);
    expect(said).toMatchObject({ code: 2, opened: 0, out: '' });
    for (const { name } of commands) expect(said.err).toContain(name);
  });

  test('no command at all lists them too', async () => {
    expect(await call([])).toMatchObject({ code: 2, out: containing('verify') });
    expect(await call(['--help'])).toMatchObject({ code: 0, out: containing('verify') });
  });

  test.each(commands.map(({ name }) => name))('%s explains itself without opening anything', async (name) => {
    const said = await call([name, '--help']);
    expect(said).toMatchObject({ code: 0, opened: 0, err: '' });
    expect(said.out).toMatch(new RegExp(`^Usage: npm run (--silent )?admin -- ${name}`));
  });

  test.each(commands.map(({ name }) => name))('%s refuses an option it does not know, before opening', async (name) => {
    expect(await call([name, '--no-such-option'])).toMatchObject({ code: 2, opened: 0 });
  });

  test('a number given in the wrong place is not repeated', async () => {
    for (const argv of [
      ['verify', '+447700900123'],
      ['erase', '--phone', '07700 900123', '--channel', 'sms'],
      ['erase', '--reference', '+447700900123'],
      ['erase', '--phone=07700900123'],
    ]) {
      const said = await call(argv);
      expect(said.code).toBe(2);
      expect(said.out + said.err).not.toContain('900123');
    }
  });

  test.each<[string, Error, number, string]>([
    ['a problem', new AdminProblem('Do this.'), 1, 'Do this.\n'],
    ['wrong usage', new UsageError('Give that.'), 2, 'Give that.\n\nUsage: x\n'],
    [
      'a driver error with a value in it',
      new Error('dup key: { hash: "k1.abc" }'),
      1,
      'x failed: dup key: { hash: "…" }\n',
    ],
  ])('explains %s and closes', async (_label, error, code, err) => {
    const said = await call(['x'], [command(() => () => Promise.reject(error))]);
    expect(said).toMatchObject({ code, err, opened: 1, closed: 1 });
  });
});
