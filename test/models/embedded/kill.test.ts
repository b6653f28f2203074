import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { killRounds } from './kill-rounds.ts';

test('a server killed twelve times keeps every acknowledged write whole', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'shuni-kill-'));
  const figures = await killRounds({ kills: 12, seed: 20240501, dir });
  rmSync(dir, { recursive: true, force: true });
  expect(figures).toMatchObject({ kills: 12, lost: 0, halfWritten: 0, wrongDuplicates: 0 });
  expect(figures.acknowledged).toBeGreaterThanOrEqual(120);
}, 120_000);
