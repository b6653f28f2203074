import { describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { Settling } from '../../bot/settling.ts';
import type { InboundMessages } from '../../models/messages/inbound.ts';
import type { InboundOutcome } from '../../models/vocabulary.ts';
import { until } from '../support/until.ts';

interface Rig {
  settling: Settling;
  written: [string[], InboundOutcome][];
  logged: string[];
}

function rig(fail: () => boolean = () => false): Rig {
  const written: Rig['written'] = [];
  const logged: string[] = [];
  const settle = (ids: readonly string[], outcome: InboundOutcome): Promise<void> => {
    if (fail()) return Promise.reject(new Error('away'));
    written.push([[...ids], outcome]);
    return Promise.resolve();
  };
  const inbound = { settle } as unknown as InboundMessages;
  return {
    settling: new Settling(inbound, pino({ level: 'warn' }, { write: (line: string) => void logged.push(line) })),
    written,
    logged,
  };
}

describe('settling', () => {
  test('what gathers in a moment is one write for each outcome', async () => {
    const { settling, written } = rig();
    settling.add('a', 'replied');
    settling.add('b', 'added-to-story');
    settling.add('c', 'replied');
    expect(written).toEqual([]);
    await until(() => written.length === 2);
    expect(written).toEqual([
      [['a', 'c'], 'replied'],
      [['b'], 'added-to-story'],
    ]);
  });

  test('flushing writes at once, and what came meanwhile after it', async () => {
    const { settling, written } = rig();
    settling.add('a', 'replied');
    const first = settling.flush();
    settling.add('b', 'replied');
    await Promise.all([first, settling.flush()]);
    expect(written.map(([ids]) => ids)).toEqual([['a'], ['b']]);
    await settling.flush();
    expect(written).toHaveLength(2);
  });

  test('a database that is away loses nothing but time: it is said, one outcome does not keep back another', async () => {
    let failures = 1;
    const { settling, written, logged } = rig(() => failures-- > 0);
    settling.add('a', 'replied');
    settling.add('b', 'erased');
    await settling.flush();
    expect(written).toEqual([[['b'], 'erased']]);
    expect(logged).toHaveLength(1);
    settling.add('c', 'replied');
    await settling.flush();
    expect(written).toHaveLength(2);
  });
});
