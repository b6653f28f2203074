import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Screen } from '../../bot/accept.ts';
import { PATIENT, startRunning, type Running } from '../support/running-service.ts';
import { answeredIn, conversationOf, personOf, queue, writtenIn } from '../support/stored.ts';
import { until } from '../support/until.ts';

const STORY = 'The nurse at Mile End Hospital was kind but we waited three hours';

/** Stands for the safeguarding screen. */
const screen: Screen = ({ text }) => (text.includes('not safe at home') ? { urgency: 'P1', reason: 'test' } : null);

let running: Running;
beforeAll(async () => {
  running = await startRunning({ screens: [screen], timings: PATIENT });
});
afterAll(() => running.stop());

const holdOf = async (number: string): Promise<string> => (await conversationOf(running, number, 'sms')).holder;

describe('a person takes over', () => {
  test('PERSON makes an escalation and says so; then the bot is silent and what is written is kept for the person', async () => {
    const number = '+447700900500';
    const resident = running.resident(number);
    await resident.say(STORY);
    const [handover] = await resident.say('PERSON');
    expect(handover).toMatch(/person/i);
    expect(await resident.say('my number is on the letter')).toEqual([]);
    expect(await resident.say('HELP')).toEqual([]);
    const conversation = await conversationOf(running, number, 'sms');
    expect(conversation.holder).toBe('waiting');
    const outcomes = (await writtenIn(running, conversation._id)).map(({ outcome }) => outcome);
    expect(outcomes).toEqual(['replied', 'replied', 'held-for-person', 'held-for-person']);
    const raised = await running.database.escalations.model.find({ conversationId: conversation._id }).lean();
    expect(raised).toMatchObject([{ urgency: 'P2', reason: 'person-requested', state: 'waiting' }]);
  });

  test('staff answers leave while the bot is silent', async () => {
    const number = '+447700900501';
    const resident = running.resident(number);
    await resident.say(STORY);
    const conversation = await conversationOf(running, number, 'sms');
    await running.database.conversations.setHolder(conversation._id, ['bot'], 'staff', 'staff-1');
    const text = 'Hello, this is Amina from Healthwatch.';
    await queue(running, conversation, { purpose: 'staff', text });
    await running.settled();
    expect(resident.news()).toEqual([text]);
    expect(await resident.say('hello Amina')).toEqual([]);
  });

  test('handed back, the talk goes on at the question where it stopped', async () => {
    const number = '+447700900502';
    const resident = running.resident(number);
    await resident.say(STORY);
    await resident.say('yes');
    const { _id } = await conversationOf(running, number, 'sms');
    const before = (await conversationOf(running, number, 'sms')).state as { asked: { question: string } };
    await running.database.conversations.setHolder(_id, ['bot'], 'staff', 'staff-1');
    expect(await resident.say('are you there?')).toEqual([]);
    expect(await running.database.conversations.setHolder(_id, ['waiting', 'staff'], 'bot')).toBe(true);
    expect(before.asked.question).toBe('service');
    const [next] = await resident.say('yes');
    expect(next).toContain('Which parts');
    const item = await running.database.feedback.model.findOne({ conversationId: _id }).lean();
    expect(item).toMatchObject({ service: { name: 'Mile End Hospital' }, story: { text: STORY } });
  });

  test('what is on its way when the person takes over is dropped', async () => {
    const number = '+447700900503';
    const resident = running.resident(number);
    await resident.say('hi');
    await resident.say('yes');
    running.double.faults.next('create', { kind: 'delay', ms: 400 });
    const count = resident.received.length;
    await resident.write(STORY);
    const { _id } = await conversationOf(running, number, 'sms');
    await until(async () => (await answeredIn(running, _id)).some(({ state }) => state === 'leased'));
    await running.database.conversations.setHolder(_id, ['bot'], 'staff', 'staff-1');
    await running.settled();
    const [sent, ...dropped] = (await answeredIn(running, _id)).slice(count);
    expect(sent).toMatchObject({ state: 'accepted' });
    expect(dropped.length).toBeGreaterThan(0);
    expect(new Set(dropped.map(({ state, dropReason }) => `${state} ${dropReason}`))).toEqual(
      new Set(['dropped person-holds']),
    );
    expect(resident.received).toHaveLength(count + 1);
  });

  test('a person who takes over between claim and send is seen at the last moment', async () => {
    const number = '+447700900504';
    const { outbound, conversations } = running.database;
    const resident = running.resident(number);
    const claim = outbound.claim.bind(outbound);
    outbound.claim = async (row, ...rest) => {
      const claimed = await claim(row, ...rest);
      await conversations.setHolder(row.conversationId, ['bot'], 'staff', 'staff-1');
      return claimed;
    };
    expect(await resident.say(STORY)).toEqual([]);
    outbound.claim = claim;
    const { _id } = await conversationOf(running, number, 'sms');
    expect(await answeredIn(running, _id)).toMatchObject([{ state: 'dropped', dropReason: 'person-holds' }]);
  });

  test('a person who takes over while the bot thinks leaves the message to themselves', async () => {
    const number = '+447700900505';
    const { conversations } = running.database;
    const resident = running.resident(number);
    const commit = conversations.commit.bind(conversations);
    conversations.commit = async (held, ...rest) => {
      conversations.commit = commit;
      await conversations.setHolder(held._id, ['bot'], 'staff', 'staff-1');
      return commit(held, ...rest);
    };
    expect(await resident.say(STORY)).toEqual([]);
    const { _id, holder } = await conversationOf(running, number, 'sms');
    expect(holder).toBe('staff');
    expect(await writtenIn(running, _id)).toMatchObject([{ outcome: 'held-for-person' }]);
    expect((await answeredIn(running, _id)).filter(({ state }) => state !== 'dropped')).toEqual([]);
  });

  test('a finding silences the bot before its first word', async () => {
    const number = '+447700900506';
    const resident = running.resident(number);
    expect(await resident.say('I am not safe at home')).toEqual([]);
    expect(await holdOf(number)).toBe('waiting');
    const { _id } = await personOf(running, number);
    expect(await running.database.escalations.model.find({ personId: _id }).lean()).toMatchObject([{ urgency: 'P1' }]);
  });

  test('STOP while a person holds is recorded, and START undoes it', async () => {
    const number = '+447700900507';
    const resident = running.resident(number);
    await resident.say(STORY);
    await resident.say('PERSON');
    await resident.say('STOP');
    expect((await personOf(running, number)).optedOutAt).toBeInstanceOf(Date);
    expect(await holdOf(number)).toBe('waiting');
    await resident.say('START');
    expect((await personOf(running, number)).optedOutAt).toBeUndefined();
    const { _id } = await conversationOf(running, number, 'sms');
    const outcomes = (await writtenIn(running, _id)).map(({ outcome }) => outcome);
    expect(outcomes.slice(2)).toEqual(['opt-out-recorded', 'opt-in-recorded']);
  });
});
