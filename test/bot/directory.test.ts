import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { pino } from 'pino';
import { Directory } from '../../bot/directory.ts';
import starter from '../../models/starter-services.json' with { type: 'json' };
import type { ServiceEntry } from '../../models/vocabulary.ts';
import { freshDatabase } from '../support/database.ts';

const SURGERY: ServiceEntry = { _id: 'surgery', name: 'Mile End Road Surgery', kind: 'gp', aliases: [] };
const log = pino({ level: 'silent' });

let database: Awaited<ReturnType<typeof freshDatabase>>;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.drop());
afterEach(() => {
  jest.useRealTimers();
});

describe('the directory of services', () => {
  test('is empty at first: what is shipped goes in, once, whoever starts', async () => {
    const [one, two] = [new Directory(database.services, log), new Directory(database.services, log)];
    await Promise.all([one.start(), two.start()]);
    expect(one.entries).toHaveLength(starter.length);
    expect(two.entries).toHaveLength(starter.length);
    one.stop();
    two.stop();
  });

  test('one that stands is left as it is, and an import shows after a refresh', async () => {
    const directory = new Directory(database.services, log);
    await directory.start();
    await database.services.upsert([SURGERY]);
    expect(directory.entries.some(({ _id }) => _id === SURGERY._id)).toBe(false);
    await directory.refresh();
    expect(directory.entries.find(({ _id }) => _id === SURGERY._id)).toMatchObject(SURGERY);
    directory.stop();
  });

  test('while the database is away the one in memory serves', async () => {
    const warned: string[] = [];
    let away = false;
    const all = (): Promise<ServiceEntry[]> => (away ? Promise.reject(new Error('away')) : Promise.resolve([SURGERY]));
    const services = { all, count: () => Promise.resolve(1) } as unknown as typeof database.services;
    jest.useFakeTimers();
    const directory = new Directory(
      services,
      pino({ level: 'warn' }, { write: (line: string) => void warned.push(line) }),
    );
    await directory.start();
    away = true;
    await jest.advanceTimersByTimeAsync(61_000);
    expect(warned).toHaveLength(1);
    expect(directory.entries).toEqual([SURGERY]);
    directory.stop();
    await jest.advanceTimersByTimeAsync(120_000);
    expect(warned).toHaveLength(1);
  });
});
