import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mongo } from 'mongoose';
import { sweepErasures } from '../../bot/sweeps/erasure.ts';
import { deriveId } from '../../models/ids.ts';
import type { MessageRow } from '../../models/messages/schema.ts';
import { JPEG } from '../channels/media/samples.ts';
import { PATIENT, startRunning, type Running } from '../support/running-service.ts';
import { conversationOf, personOf, writtenIn } from '../support/stored.ts';
import { until } from '../support/until.ts';

const STORY = 'My GP in Whitechapel Road never called me back about the lump';
const DAY_MS = 86_400_000;
const PHOTO = { contentType: 'image/jpeg', body: JPEG };

let running: Running;
let ahead = 0;
const now = (): Date => new Date(Date.now() + ahead);
beforeAll(async () => {
  running = await startRunning({ timings: PATIENT, now });
});
afterAll(() => running.stop());

/** Everything in the database but the directory of services, as one text. */
async function everythingStored(): Promise<string> {
  const { connection } = running.database;
  const names = (await connection.db?.listCollections().toArray()) ?? [];
  const kept = names.filter(({ name }) => name !== 'services' && !name.startsWith('system.'));
  const all = await Promise.all(kept.map(({ name }) => connection.collection(name).find().toArray()));
  return JSON.stringify(all);
}

async function filesOf(person: string): Promise<number> {
  const bucket = new mongo.GridFSBucket(running.database.connection.getClient().db(running.database.name), {
    bucketName: 'media',
  });
  const ids = (await bucket.find().toArray()).map(({ _id }) => String(_id));
  const rows = await running.database.inbound.model.find({ personId: person }).lean<MessageRow[]>();
  const theirs = rows.flatMap((row) => (row.direction === 'in' ? row.media.map(({ fileId }) => fileId ?? '') : []));
  return ids.filter((id) => theirs.includes(id)).length;
}

/** Pieces of stored files, anybody's. */
const storedFiles = (): Promise<number> => running.database.connection.collection('media.chunks').countDocuments();

const sweep = (): Promise<void> => sweepErasures({ database: running.database, now });

describe('"no" to keeping', () => {
  test('empties what was written at once, and a day later the person is gone but for the opt-out ledger', async () => {
    const number = '+447700900800';
    const resident = running.resident(number, 'whatsapp');
    await resident.say(STORY);
    await resident.say('this is the letter', { media: [PHOTO] });
    await resident.say('STOP');
    await resident.say('START');
    const person = await personOf(running, number);
    await until(async () => (await filesOf(person._id)) === 1);
    const [farewell] = await resident.say('no');
    expect(farewell).toMatch(/will not keep/);
    expect(await storedFiles()).toBe(0);
    expect(await everythingStored()).not.toMatch(/Whitechapel|lump|the letter/);
    const { _id } = await conversationOf(running, number, 'whatsapp');
    expect(
      (await writtenIn(running, _id)).every(({ text, media }) => text === '' && media.every(({ fileId }) => !fileId)),
    ).toBe(true);
    expect(await running.database.feedback.model.countDocuments({ personId: person._id })).toBe(0);
    await sweep();
    expect(await running.database.people.get(person._id)).not.toBeNull();
    ahead += DAY_MS + 1000;
    await sweep();
    expect(await running.database.people.findByAddress('whatsapp', number)).toBeNull();
    expect(await running.database.inbound.model.countDocuments({ personId: person._id })).toBe(0);
    const ledger = running.database.optOuts.model.find({ addressHash: person.addresses[0]?.hash ?? '' });
    const lines = await ledger.sort({ at: 1 }).lean();
    expect(lines.map(({ action }) => action)).toEqual(['out', 'in']);
  });

  test('said before a picture was fetched, has it removed at the provider too', async () => {
    const resident = running.resident('+447700900802', 'whatsapp');
    await resident.say('hello');
    const { sid } = await resident.write('', { media: [PHOTO] });
    await resident.write('no');
    const theirs = [...running.double.ledger.media].filter(([key]) => key.startsWith(sid)).map(([, item]) => item);
    await until(() => theirs.every(({ removed }) => removed));
    await running.settled();
    expect(theirs).toHaveLength(1);
    expect(await storedFiles()).toBe(0);
  });

  test('can be taken back: who says yes the next hour is not erased', async () => {
    const number = '+447700900801';
    const resident = running.resident(number, 'whatsapp');
    await resident.say('hello');
    await resident.say('no');
    expect((await personOf(running, number)).eraseAt).toBeInstanceOf(Date);
    await resident.say('The dentist was gentle');
    await resident.say('yes');
    const { eraseAt, consents } = await personOf(running, number);
    expect(eraseAt).toBeUndefined();
    expect(consents.store?.given).toBe(true);
  });
});

describe('DELETE', () => {
  const number = '+447700900810';

  test('asks once; anything but a yes erases nothing', async () => {
    const resident = running.resident(number, 'whatsapp');
    await resident.say(STORY);
    await resident.say('yes');
    const [question] = await resident.say('DELETE');
    expect(question).toMatch(/erase|delete/i);
    await resident.say('no');
    expect((await personOf(running, number)).eraseAt).toBeUndefined();
  });

  test('confirmed, erases messages, feedback, files and person; a late second delivery stays a duplicate', async () => {
    const resident = running.resident(number, 'whatsapp');
    const { sid } = await resident.write('a picture of the lump', { media: [PHOTO] });
    await running.settled();
    const person = await personOf(running, number);
    await until(async () => (await filesOf(person._id)) === 1);
    resident.news();
    await resident.say('DELETE');
    const [farewell] = await resident.say('yes');
    expect(farewell).toBeDefined();
    await sweep();
    await until(async () => (await running.database.people.get(person._id)) === null);
    const stored = await everythingStored();
    expect(stored).not.toMatch(/Whitechapel|lump/);
    expect(await running.database.feedback.model.countDocuments({ personId: person._id })).toBe(0);
    expect(await running.database.conversations.ofPerson(person._id)).toEqual([]);
    expect(await running.database.escalations.model.countDocuments({ personId: person._id })).toBe(0);
    expect(await storedFiles()).toBe(0);

    const rows = await running.database.inbound.model.countDocuments();
    const sent = running.double.ledger.messages.length;
    const again = await resident.write('a picture of the lump', { media: [PHOTO], sid });
    await running.settled();
    expect(again.answers).toEqual([200]);
    expect(await running.database.inbound.model.countDocuments()).toBe(rows);
    expect(running.double.ledger.messages).toHaveLength(sent);
    expect(await everythingStored()).not.toMatch(/Whitechapel|lump/);
    const shell = await running.database.inbound.get(deriveId('whatsapp', sid));
    expect(shell).toMatchObject({ erased: true });
  });

  test('who writes again after it is somebody new', async () => {
    const resident = running.resident(number, 'whatsapp');
    resident.news();
    const [hello] = await resident.say('hello');
    expect(hello).toContain('I am Shuni');
    expect(await running.database.audit.model.distinct('subject', { action: 'person-erased' })).not.toHaveLength(0);
  });
});
