import type { Work } from '../../bot/work.ts';
import type { InboundRow } from '../../models/messages/schema.ts';
import { fakeChannel } from './fake-channel.ts';

const AT = new Date('2026-11-20T10:00:00Z');

/** A turn in progress that nothing has happened in yet; say what matters, the rest is ordinary. */
export function aWork(overrides: Partial<Work> = {}): Work {
  const message: InboundRow = {
    _id: 'message-1',
    conversationId: 'conversation-1',
    personId: 'person-1',
    addressId: 'address-1',
    direction: 'in',
    channel: 'sms',
    sender: '+442079460001',
    providerId: 'SM1',
    text: 'hello',
    media: [],
    order: 1,
    queue: 'inbox',
    state: 'received',
    receivedAt: AT,
  };
  return {
    causeId: 'message-1',
    at: AT,
    message,
    conversation: {
      _id: 'conversation-1',
      personId: 'person-1',
      addressId: 'address-1',
      channel: 'sms',
      sender: '+442079460001',
      holder: 'bot',
      state: null,
      version: 1,
      handled: [],
      fence: 1,
      createdAt: AT,
    },
    person: {
      _id: 'person-1',
      consents: {},
      createdAt: AT,
      addresses: [
        { id: 'address-1', channel: 'sms', hash: 'k1.a', sealed: { keyId: 'k1', box: 'x' } },
        { id: 'address-2', channel: 'whatsapp', hash: 'k1.b', sealed: { keyId: 'k1', box: 'y' } },
      ],
    },
    channel: fakeChannel('sms'),
    language: 'eng',
    state: { pathway: { id: 'care-experience', version: 1 }, experience: 1, answers: {}, trail: [] },
    outcome: 'replied',
    ended: false,
    rows: [],
    feedback: new Map(),
    writes: [],
    ...overrides,
  };
}
