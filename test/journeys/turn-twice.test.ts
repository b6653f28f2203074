import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { OutboundMessages } from '../../models/messages/outbound.ts';
import { PATIENT, startRunning, type Running } from '../support/running-service.ts';
import { personOf } from '../support/stored.ts';

let running: Running;
beforeAll(async () => {
  running = await startRunning({ timings: PATIENT });
});
afterAll(() => running.stop());

/** The next turn that has something to say is cut off after its other writes and before that, once. */
function cutOffOnce(): { happened: () => boolean } {
  const { outbound } = running.database;
  let cut = false;
  outbound.enqueue = (rows) => {
    cut = true;
    outbound.enqueue = (again) => (Object.getPrototypeOf(outbound) as OutboundMessages).enqueue.call(outbound, again);
    return Promise.reject(new Error(`cut off before ${rows.length} rows`));
  };
  return { happened: () => cut };
}

describe('a turn that was cut off half-way and is taken again', () => {
  test('STOP on WhatsApp is still confirmed', async () => {
    const resident = running.resident('+447700900810', 'whatsapp');
    await resident.say('hi');
    const cut = cutOffOnce();
    const said = await resident.say('STOP');
    expect(cut.happened()).toBe(true);
    expect(said).toHaveLength(1);
    expect((await personOf(running, '+447700900810')).optedOutAt).toBeInstanceOf(Date);
  });

  test('START is still answered', async () => {
    const resident = running.resident('+447700900811', 'whatsapp');
    await resident.say('hi');
    await resident.say('STOP');
    const cut = cutOffOnce();
    const said = await resident.say('START');
    expect(cut.happened()).toBe(true);
    expect(said.length).toBeGreaterThan(0);
    expect((await personOf(running, '+447700900811')).optedOutAt).toBeUndefined();
  });

  test('a refusal is still said goodbye to, and nothing is kept', async () => {
    const resident = running.resident('+447700900812', 'whatsapp');
    await resident.say('The nurse was kind but we waited three hours in the corridor');
    const cut = cutOffOnce();
    const said = await resident.say('no');
    expect(cut.happened()).toBe(true);
    expect(said).toHaveLength(1);
    const { _id } = await personOf(running, '+447700900812');
    expect(
      await running.database.inbound.model.countDocuments({
        personId: _id,
        text: { $ne: '' },
        direction: 'in',
      } as never),
    ).toBe(0);
  });
});
