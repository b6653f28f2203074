import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEmbedded } from '../../models/embedded/start.ts';
import { coldStart } from './cold-start.ts';
import { endurance } from './endurance.ts';
import { table, type Figure } from './figures.ts';
import { inboundAgainstBare } from './inbound.ts';
import { fillMessages, turnsAtScale } from './scale.ts';

const USAGE = `npm run bench -- [--quick] [--only inbound,scale,commands,start]

Speed and memory as ratios measured in one run on the same database: the embedded one, or TEST_MONGODB_URI.
With TEST_MONGODB_URI the embedded database is measured beside it, command by command.
`;

const { values } = parseArgs({
  options: { quick: { type: 'boolean' }, only: { type: 'string' }, help: { type: 'boolean' } },
});
if (values.help) {
  process.stderr.write(USAGE);
  process.exit(0);
}
const quick = values.quick ?? false;
const wanted = (part: string): boolean => !values.only || values.only.split(',').includes(part);
const progress =
  (label: string, total: number) =>
  (done: number): void => {
    process.stderr.write(`\r${label}: ${Math.min(100, Math.round((done / total) * 100))} %   `);
  };
const show = (title: string, figures: readonly Figure[]): void => {
  process.stderr.write('\r'.padEnd(60) + '\r');
  process.stdout.write(`\n${title}\n${table(figures)}`);
};

const embedded = await startEmbedded({ dataDir: await mkdtemp(join(tmpdir(), 'shuni-bench-')) });
const given = process.env['TEST_MONGODB_URI'];
const uri = given ?? embedded.uri;
const run = `bench-${Date.now().toString(36)}`;
process.stdout.write(`Measured on ${given ? 'the given server' : 'the embedded database'}, Node ${process.version}\n`);

if (wanted('start')) show('Start', await coldStart(quick ? 1 : 3));
if (wanted('inbound')) {
  const { figures, barePerSecond } = await inboundAgainstBare(
    { uri, name: `${run}-inbound` },
    quick ? 1000 : 4000,
    quick ? 2 : 5,
  );
  show('Inbound', figures);
  const turns = quick ? 3500 : 10_000;
  show('Turns', await endurance({ uri, name: `${run}-turns` }, turns, barePerSecond, progress('turns', turns)));
}
if (wanted('scale')) {
  const places = { few: { uri, name: `${run}-few` }, many: { uri, name: `${run}-many` } };
  const many = quick ? 20_000 : 200_000;
  await fillMessages(places.few, 1000, () => undefined);
  await fillMessages(places.many, many, progress('filling', many));
  show('Scale', await turnsAtScale(places, quick ? 100 : 400));
}
if (wanted('commands')) {
  const { benchCommands } = await import('./embedded-commands.ts');
  const options = quick ? { documents: 2000, operations: 500 } : { documents: 20_000, operations: 3000 };
  const ours = await benchCommands(embedded.uri, options);
  const theirs = given ? await benchCommands(given, options) : null;
  const rows = Object.entries(ours).flatMap(([name, us]): Figure[] => [
    { what: `${name}, embedded`, value: us, unit: 'µs' },
    ...(theirs ? [{ what: `${name}, embedded ÷ given server`, value: us / (theirs[name] ?? NaN), unit: '×' }] : []),
  ]);
  show('Commands', rows);
}
await embedded.close();
process.exit(0);
