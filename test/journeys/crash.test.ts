import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { dropDatabase, namedUri } from '../soak/database.ts';
import { runSoak } from '../soak/run.ts';
import { testDatabaseUri } from '../support/database.ts';

/** The crash test in short (npm run soak is the long form; docs/runbooks/crash-test.md). */
const SETTINGS = {
  kills: 12,
  seed: 20,
  processes: 2,
  residents: 12,
  atLeastMs: 0,
  deadlineMs: 120_000,
  keep: false,
};

describe('two service processes, killed twelve times while residents write and the provider fails', () => {
  test('every promise is kept', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'shuni-crash-'));
    const mongodbUri = namedUri(testDatabaseUri(), `crash-${randomBytes(4).toString('hex')}`);
    try {
      const { violations, figures } = await runSoak(SETTINGS, { folder, mongodbUri });
      expect(violations).toEqual([]);
      expect(figures['accepted']).toBeGreaterThan(0);
      expect(Number(figures['killed while serving']) + Number(figures['killed while starting'])).toBeGreaterThanOrEqual(
        12,
      );
    } finally {
      await dropDatabase(mongodbUri);
      await rm(folder, { recursive: true, force: true });
    }
  }, 300_000);
});
