import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startChild } from './child.ts';
import { median, type Figure } from './figures.ts';

/** From `npm start` to ready, on an empty folder and again on the same, with everything built; embedded database included. */
export async function coldStart(times: number): Promise<Figure[]> {
  const first: number[] = [];
  const again: number[] = [];
  for (let i = 0; i < times; i++) {
    const dataDir = await mkdtemp(join(tmpdir(), 'shuni-cold-'));
    first.push(await startOnce(dataDir));
    again.push(await startOnce(dataDir));
  }
  return [
    { what: 'start, empty data folder', value: median(first), unit: 's', goal: { atMost: 20 } },
    { what: 'start, later on', value: median(again), unit: 's', goal: { atMost: 4 } },
  ];
}

async function startOnce(dataDir: string): Promise<number> {
  const started = performance.now();
  await promisify(execFile)(process.execPath, ['node_modules/typescript/bin/tsc', '-b', 'tsconfig.build.json']);
  const service = await startChild(
    ['--enable-source-maps', 'dist/bot/main.js'],
    { PORT: '0', DATA_DIR: dataDir },
    (line) => (line.includes('"msg":"ready"') ? true : null),
  );
  const seconds = (performance.now() - started) / 1000;
  await service.stop();
  return seconds;
}
