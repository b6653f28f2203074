import { describe, expect, test } from '@jest/globals';
import { ActivityTypes, EventFactory, type TurnContext } from 'botbuilder';
import { ShuniAdapter } from '../../bot/adapter.ts';
import type { Work } from '../../bot/work.ts';
import { createOrder } from '../../models/order.ts';
import { aWork } from '../support/a-work.ts';

const now = (): Date => new Date('2026-11-20T10:00:00Z');

function adapterOver(work: Work | null, finished: Work[] = []): ShuniAdapter {
  return new ShuniAdapter({
    order: createOrder(now),
    now,
    priorityOf: () => 3,
    openWork: () => Promise.resolve(work),
    finishWork: (done) => Promise.resolve(void finished.push(done)),
  });
}

const say = (text: string) => ({ type: ActivityTypes.Message, text, channelData: { key: 'k', purpose: 'reply' } });

describe('adapter', () => {
  test('one response per activity, in order; traces and typing leave no row', async () => {
    const work = aWork();
    let ids: (string | undefined)[] = [];
    await adapterOver(work).run(work, async (context) => {
      const sent = await context.sendActivities([
        say('one'),
        { type: ActivityTypes.Trace },
        { type: ActivityTypes.Typing },
        say('two'),
      ]);
      ids = sent.map(({ id }) => id);
    });
    expect(ids).toHaveLength(4);
    expect(work.rows.map(({ text }) => text)).toEqual(['one', 'two']);
    expect([ids[0], ids[3]]).toEqual(work.rows.map(({ _id }) => _id));
  });

  test('the same turn twice makes rows of the same ids, each later than the one before', async () => {
    const [first, second] = [aWork(), aWork()];
    for (const work of [first, second]) {
      await adapterOver(work).run(work, async (context) => {
        await context.sendActivities([say('one'), say('two')]);
      });
    }
    expect(second.rows.map(({ _id }) => _id)).toEqual(first.rows.map(({ _id }) => _id));
    expect(first.rows[1]?.order).toBeGreaterThan(first.rows[0]?.order ?? Infinity);
  });

  test('handoff.initiate hands over, endOfConversation ends; neither is sent', async () => {
    const work = aWork();
    await adapterOver(work).run(work, async (context) => {
      await context.sendActivity(EventFactory.createHandoffInitiation(context, { reason: 'asked' }));
      await context.sendActivity({ type: ActivityTypes.EndOfConversation });
    });
    expect(work).toMatchObject({ holder: 'waiting', ended: true, rows: [] });
  });

  test('nothing in the activity is an address: ids are opaque', async () => {
    const work = aWork();
    let activity: unknown;
    await adapterOver(work).run(work, (context) => Promise.resolve(void (activity = context.activity)));
    expect(JSON.stringify(activity)).not.toMatch(/\+44/);
    expect(activity).toMatchObject({ conversation: { id: 'conversation-1' }, from: { id: 'person-1' } });
  });

  const continuations: [
    string,
    (adapter: ShuniAdapter, logic: (context: TurnContext) => Promise<void>) => Promise<void>,
  ][] = [
    [
      'continueConversation',
      (adapter, logic) => adapter.continueConversation({ conversation: { id: 'conversation-1' } as never }, logic),
    ],
    [
      'continueConversationAsync',
      (adapter, logic) =>
        adapter.continueConversationAsync('app', { conversation: { id: 'conversation-1' } as never }, logic),
    ],
    [
      'continueConversationAsync with an audience',
      (adapter, logic) =>
        adapter.continueConversationAsync(
          'app',
          { conversation: { id: 'conversation-1' } as never },
          'audience',
          logic,
        ),
    ],
  ];
  test.each(continuations)('%s runs the middleware and finishes the work', async (_label, start) => {
    const work = aWork({ message: null });
    const finished: Work[] = [];
    const adapter = adapterOver(work, finished);
    const seen: string[] = [];
    adapter.use({
      onTurn: async (_context, next) => {
        seen.push('middleware');
        await next();
      },
    });
    await start(adapter, async (context) => {
      seen.push('logic');
      await context.sendActivity(say('we listened'));
    });
    expect(seen).toEqual(['middleware', 'logic']);
    expect(finished).toEqual([work]);
    expect(work.rows.map(({ text }) => text)).toEqual(['we listened']);
  });

  test('a conversation that is gone is not continued', async () => {
    const finished: Work[] = [];
    let ran = false;
    await adapterOver(null, finished).continueConversation({ conversation: { id: 'gone' } as never }, () =>
      Promise.resolve(void (ran = true)),
    );
    expect({ ran, finished }).toEqual({ ran: false, finished: [] });
  });

  test('what was sent can be neither changed nor unsent', async () => {
    await expect(adapterOver(null).updateActivity()).rejects.toThrow('cannot be changed');
    await expect(adapterOver(null).deleteActivity()).rejects.toThrow('cannot be unsent');
  });
});
