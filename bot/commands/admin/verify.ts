import { readArguments } from './arguments.ts';
import type { Check, CheckContext, Problem } from './checks/check.ts';
import { CHECKS } from './checks/registry.ts';
import { UsageError, type AdminCommand, type AdminContext, type ExitCode } from './command.ts';
import { rawOf } from './snapshot/raw.ts';
import { restoredAt } from './snapshot/restoring.ts';

/** So many problems of one check are printed; the rest is counted. */
const PRINTED = 100;

/** `verify`: checks every promise that can be checked on what is stored. */
export const verify: AdminCommand = {
  name: 'verify',
  summary: 'check every promise that can be checked on what is stored',
  usage: `
Usage: npm run admin -- verify [--json] [--only CHECK]

Reads everything, changes nothing, may run while the service does. Prints what is broken, with ids. Exit code 1 when
something is. docs/runbooks/verify.md says what each check means and what to do.

  --json  one JSON object per check: name, promise, milliseconds, count, problems
  --only  one check, by name: ${CHECKS.map((check) => check.name).join(', ')}
`,
  plan(args) {
    const { values } = readArguments(args, { json: { type: 'boolean' }, only: { type: 'string' } } as const);
    const chosen = values.only === undefined ? CHECKS : CHECKS.filter((check) => check.name === values.only);
    if (chosen.length === 0) throw new UsageError('--only must name a check.');
    return (context) => run(context, chosen, values.json === true);
  },
};

interface Result {
  name: string;
  promise: string;
  milliseconds: number;
  count: number;
  problems: Problem[];
}

async function run(context: AdminContext, checks: readonly Check[], json: boolean): Promise<ExitCode> {
  const { out, err } = context;
  const raw = rawOf(context.database);
  const restored = await restoredAt(context);
  let broken = 0;
  for (const check of checks) {
    const result = await make(check, { ...context, raw, now: context.now(), restoredAt: restored });
    broken += result.count;
    if (json) out.write(`${JSON.stringify(result)}\n`);
    else tell(context, result);
  }
  err.write(broken === 0 ? `All ${checks.length} checks hold.\n` : `${broken} problems found.\n`);
  return broken === 0 ? 0 : 1;
}

async function make(check: Check, context: CheckContext): Promise<Result> {
  const startedAt = performance.now();
  const problems: Problem[] = [];
  let count = 0;
  for await (const problem of check.run(context)) {
    if (++count <= PRINTED) problems.push(problem);
  }
  const { name, promise } = check;
  return { name, promise, milliseconds: Math.round(performance.now() - startedAt), count, problems };
}

function tell({ out, err }: AdminContext, { name, promise, milliseconds, count, problems }: Result): void {
  err.write(`${count === 0 ? 'holds ' : 'BROKEN'} ${name} (${milliseconds} ms): ${promise}\n`);
  for (const { id, what } of problems) out.write(`${name}\t${id}\t${what}\n`);
  if (count > problems.length) out.write(`${name}\t\tand ${count - problems.length} more\n`);
}
