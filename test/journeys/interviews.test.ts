import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Feedback } from '../../models/feedback.ts';
import type { InboundRow } from '../../models/messages/schema.ts';
import { JPEG, OPUS } from '../channels/media/samples.ts';
import { reviewed } from '../support/golden.ts';
import type { Resident } from '../support/resident.ts';
import { PATIENT, startRunning, type Running } from '../support/running-service.ts';
import { until } from '../support/until.ts';

const PHOTO = { contentType: 'image/jpeg', body: JPEG };
const VOICE = { contentType: 'audio/ogg', body: OPUS };

interface Journey {
  label: string;
  channel: 'sms' | 'whatsapp';
  number: string;
  play: (resident: Resident) => Promise<unknown>;
  item: object;
  issues: [code: string, sentiment: string][];
}

/** Four people who tell what happened to them, each to the end. */
const JOURNEYS: Journey[] = [
  {
    label: 'english-whatsapp',
    channel: 'whatsapp',
    number: '+447700900201',
    play: async (resident) => {
      await resident.say(
        'My dad was at Mile End Hospital on Tuesday. The nurses were lovely but we waited five hours to be seen.',
      );
      await resident.say('this is the waiting room', { media: [PHOTO] });
      await resident.press(1);
      await resident.press(1);
      await resident.say('nursing and tests');
      await resident.press(2);
      await resident.say('Someone telling us how long it would take');
      await resident.press(1);
      await resident.press(2);
    },
    item: { service: { kind: 'hospital', name: 'Mile End Hospital' }, rating: 2, language: 'eng', script: 'Latn' },
    issues: [
      ['timely-access', 'negative'],
      ['staff-attitude', 'positive'],
    ],
  },
  {
    label: 'bengali-whatsapp',
    channel: 'whatsapp',
    number: '+447700900202',
    play: async (resident) => {
      await resident.say('ডেন্টিস্টের কাছে গিয়েছিলাম। তিনি খুব ভালো ব্যবহার করেছেন, কিন্তু দুই মাস অপেক্ষা করতে হয়েছে।');
      await resident.say('', { media: [VOICE] });
      await resident.say('হ্যাঁ');
      await resident.press(1);
      await resident.press(4);
      await resident.say('ভালো');
      await resident.say('বাদ দিন');
      await resident.press(2);
      await resident.say('না');
    },
    item: { service: { kind: 'dentist' }, rating: 4, language: 'ben', script: 'Beng', stages: ['treatment'] },
    issues: [['timely-access', 'negative']],
  },
  {
    label: 'arabic-whatsapp',
    channel: 'whatsapp',
    number: '+447700900203',
    play: async (resident) => {
      await resident.say('السلام عليكم');
      await resident.say('نعم');
      await resident.say('ذهبت إلى طبيب الأسنان وكان الموظفون لطفاء. لكن انتظرت ثلاثة أشهر للحصول على موعد');
      await resident.press(1);
      await resident.say('٢ و ٤');
      await resident.press(3);
      await resident.say('مواعيد أسرع');
      await resident.press(1);
      await resident.say('لا');
    },
    item: {
      service: { kind: 'dentist' },
      rating: 3,
      language: 'ara',
      script: 'Arab',
      stages: ['reception', 'treatment'],
    },
    issues: [['timely-access', 'negative']],
  },
  {
    label: 'english-sms',
    channel: 'sms',
    number: '+447700900204',
    play: async (resident) => {
      await resident.say('hi');
      await resident.say('yes');
      await resident.say('couldnt get thru to my gp on the phone for 3 days, receptionist was so rude when i did');
      await resident.say('1');
      await resident.say('2');
      await resident.say('very poor');
      await resident.say('answer the phone!!');
      await resident.say('2');
      await resident.say('no');
    },
    item: { service: { kind: 'gp' }, rating: 1, language: 'eng', script: 'Latn', stages: ['reception'] },
    issues: [['staff-attitude', 'negative']],
  },
];

let running: Running;
const people = new Map<string, Resident>();
beforeAll(async () => {
  running = await startRunning({ timings: PATIENT });
  await Promise.all(
    JOURNEYS.map(async ({ label, number, channel, play }) => {
      const resident = running.resident(number, channel);
      people.set(label, resident);
      await play(resident);
    }),
  );
}, 60_000);
afterAll(() => running.stop());

async function itemOf(...[journey]: Journey[]): Promise<Feedback | null> {
  const { channel = 'sms', number = '' } = journey ?? {};
  const person = await running.database.people.findByAddress(channel, number);
  return running.database.feedback.model.findOne({ personId: String(person?._id) }).lean<Feedback>();
}

describe('an interview from the first word to the last', () => {
  test.each(JOURNEYS)('$label reads as when it was last reviewed', async ({ label }) => {
    const transcript = people.get(label)?.transcript.join('\n\n') ?? '';
    const text = `${transcript.replace(/TH-[0-9A-Z]{4}-[0-9A-Z]{4}/g, 'TH-XXXX-XXXX')}\n`;
    expect(text).toBe(await reviewed(`test/conversations/journeys/${label}.txt`, text));
  });

  test.each(JOURNEYS)(
    '$label ends in a complete item with service, stage, issue, sentiment and language',
    async (journey) => {
      const item = await itemOf(journey);
      expect(item).toMatchObject({ status: 'complete', source: journey.channel, ...journey.item });
      expect(item?.stages.length).toBeGreaterThan(0);
      for (const [code, sentiment] of journey.issues)
        expect(item?.codings).toContainEqual(expect.objectContaining({ scheme: 'issues', code, sentiment }));
    },
  );

  test.each(JOURNEYS)('$label can be found by the code they were given', async (journey) => {
    const said = people.get(journey.label)?.transcript.join('\n') ?? '';
    const reference = /TH-[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(said)?.[0] ?? '';
    expect(await running.database.feedback.byReference(reference)).toMatchObject({ source: journey.channel });
  });

  test.each([
    ['photo', 'english-whatsapp', JPEG, 'image/jpeg'],
    ['voice note', 'bengali-whatsapp', OPUS, 'audio/ogg'],
  ])('the %s is ours byte for byte, and gone at the provider', async (_what, label, bytes, type) => {
    const item = await itemOf(...JOURNEYS.filter((journey) => journey.label === label));
    const rows = running.database.inbound.model;
    const withMedia = { personId: String(item?.personId), 'media.mediaId': { $exists: true } };
    const stored = async (): Promise<InboundRow | null> => rows.findOne(withMedia).lean<InboundRow>();
    await until(async () => (await stored())?.media[0]?.removedAtProvider === true);
    const [media] = (await stored())?.media ?? [];
    expect(media).toMatchObject({ state: 'stored', sniffedType: type, bytes: bytes.length });
    expect(await buffer(running.database.mediaFiles.open(media?.fileId ?? ''))).toEqual(bytes);
    expect(item?.story).toMatchObject({ media: 1 });
  });

  test('nothing stays at the provider', () => {
    expect([...running.double.ledger.media.values()].map(({ removed }) => removed)).toEqual([true, true]);
  });

  test('nobody got anything twice, and nobody waits', async () => {
    expect(Object.values(running.double.ledger.countByRef()).every((count) => count === 1)).toBe(true);
    const rows = await running.database.inbound.model.find({ direction: 'in' }).lean<InboundRow[]>();
    expect(rows.filter(({ outcome }) => outcome === undefined)).toEqual([]);
  });
});
