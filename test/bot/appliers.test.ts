import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ShuniAdapter } from '../../bot/adapter.ts';
import { appliers, applyEvents } from '../../bot/appliers/registry.ts';
import { writeAll } from '../../bot/turn.ts';
import type { Work } from '../../bot/work.ts';
import type { DialogEvent } from '../../dialogs/events.ts';
import { createCatalogue } from '../../languages/catalogue.ts';
import { createOrder } from '../../models/order.ts';
import { aWork } from '../support/a-work.ts';
import { freshDatabase } from '../support/database.ts';

let database: Awaited<ReturnType<typeof freshDatabase>>;
beforeAll(async () => {
  database = await freshDatabase();
  await database.people.model.insertOne(aWork().person);
});
afterAll(async () => {
  await database.drop();
});

const catalogue = createCatalogue();
const now = (): Date => new Date();
const adapter = new ShuniAdapter({
  order: createOrder(now),
  now,
  priorityOf: () => 3,
  openWork: () => Promise.resolve(null),
  finishWork: () => Promise.resolve(),
});

/** Applies events to a fresh turn and writes everything, twice: a turn done twice leaves the same. */
async function apply(...events: DialogEvent[]): Promise<Work> {
  const once = async (): Promise<Work> => {
    const work = aWork();
    await adapter.run(work, (context) => applyEvents(events, work, context, { database, catalogue }));
    await writeAll({ database }, work);
    return work;
  };
  await once();
  return once();
}

const item = (): Promise<unknown> => database.feedback.model.findOne({ conversationId: 'conversation-1' }).lean();
const person = (): Promise<unknown> => database.people.get('person-1');

interface Case {
  event: DialogEvent;
  leaves: (work: Work) => Promise<unknown>;
  expected: unknown;
}

/** One case per event type; the walk below fails when a type has none. */
const CASES: { [T in DialogEvent['type']]: Case & { event: Extract<DialogEvent, { type: T }> } } = {
  said: {
    event: {
      type: 'said',
      key: 'commands.delete-ask',
      purpose: 'reply',
      choices: [
        { id: 'delete:yes', title: { key: 'commands.delete-yes' } },
        { id: 'x', title: { name: 'বাংলা' } },
      ],
    },
    leaves: async () => database.outbound.model.find({ conversationId: 'conversation-1' }).lean(),
    expected: [
      expect.objectContaining({
        state: 'queued',
        queue: 'outbox',
        key: 'commands.delete-ask',
        purpose: 'reply',
        answers: 'message-1',
        choices: [
          { id: 'delete:yes', title: 'Yes, erase it' },
          { id: 'x', title: 'বাংলা' },
        ],
      }),
    ],
  },
  'language-changed': {
    event: { type: 'language-changed', language: 'ben', by: 'resident' },
    leaves: async (work) => ({ turn: work.language, person: await person() }),
    expected: { turn: 'ben', person: expect.objectContaining({ language: 'ben' }) },
  },
  'consent-recorded': {
    event: { type: 'consent-recorded', purpose: 'store', given: false },
    leaves: person,
    expected: expect.objectContaining({
      consents: { store: { given: false, at: aWork().at } },
      eraseAt: new Date(aWork().at.getTime() + 86_400_000),
    }),
  },
  'experience-started': {
    event: { type: 'experience-started', experience: 1, pathway: { id: 'care-experience', version: 1 } },
    leaves: item,
    expected: expect.objectContaining({
      status: 'open',
      experience: 1,
      source: 'sms',
      pathway: { id: 'care-experience', version: 1 },
    }),
  },
  'answer-recorded': {
    event: {
      type: 'answer-recorded',
      experience: 1,
      question: 'stages',
      answer: { kind: 'choices', values: ['nursing', 'reception'] },
    },
    leaves: item,
    expected: expect.objectContaining({
      stages: ['nursing', 'reception'],
      answers: { stages: { kind: 'choices', values: ['nursing', 'reception'] } },
    }),
  },
  'experience-coded': {
    event: {
      type: 'experience-coded',
      experience: 1,
      codings: [
        {
          scheme: 'issues',
          schemeVersion: 1,
          code: 'timely-access',
          sentiment: 'negative',
          origin: 'suggested',
          confidence: 0.8,
        },
      ],
    },
    leaves: item,
    expected: expect.objectContaining({
      codings: [expect.objectContaining({ code: 'timely-access', at: aWork().at })],
    }),
  },
  'experience-ended': {
    event: { type: 'experience-ended', experience: 1, outcome: 'complete' },
    leaves: async (work) => ({ ended: work.ended, item: await item() }),
    expected: { ended: true, item: expect.objectContaining({ status: 'complete' }) },
  },
  'opted-out': {
    event: { type: 'opted-out' },
    leaves: async (work) => ({
      outcome: work.outcome,
      person: await person(),
      lines: await database.optOuts.model.countDocuments({ action: 'out' }),
    }),
    expected: { outcome: 'opt-out-recorded', person: expect.objectContaining({ optedOutAt: aWork().at }), lines: 2 },
  },
  'opted-in': {
    event: { type: 'opted-in' },
    leaves: async (work) => ({
      outcome: work.outcome,
      optedOutAt: (await database.people.get('person-1'))?.optedOutAt,
      lines: await database.optOuts.model.countDocuments({ action: 'in' }),
    }),
    expected: {
      outcome: 'opt-in-recorded',
      optedOutAt: undefined,
      lines: 2,
    },
  },
  'person-requested': {
    event: { type: 'person-requested' },
    leaves: async (work) => ({
      holder: work.holder,
      escalations: await database.escalations.model.find({ messageId: 'message-1' }).lean(),
    }),
    expected: {
      holder: 'waiting',
      escalations: [expect.objectContaining({ urgency: 'P2', state: 'waiting', conversationId: 'conversation-1' })],
    },
  },
  'erasure-requested': {
    event: { type: 'erasure-requested' },
    leaves: person,
    expected: expect.objectContaining({ eraseAt: aWork().at }),
  },
};

describe('appliers', () => {
  test('every event type has an applier and a case', () => {
    expect(Object.keys(CASES).sort()).toEqual(Object.keys(appliers).sort());
  });

  test.each(Object.entries(CASES))(
    '%s, done twice, leaves what it says once',
    async (_type, { event, leaves, expected }) => {
      const work = await apply(event);
      expect(await leaves(work)).toEqual(expected);
    },
  );

  test('an answer taken back is gone from the item and from the field reports read', async () => {
    await apply({
      type: 'answer-recorded',
      experience: 1,
      question: 'rating',
      answer: { kind: 'choices', values: ['4'] },
    });
    expect(await item()).toMatchObject({ rating: 4 });
    await apply({ type: 'answer-recorded', experience: 1, question: 'rating', answer: null });
    expect(await item()).not.toHaveProperty('rating');
    expect(await item()).not.toHaveProperty('answers.rating');
  });
});
