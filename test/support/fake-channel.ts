import type { Channel, OutgoingMessage, SendOutcome } from '../../channels/channel.ts';

/** A channel that keeps what it is given. `answer` decides what becomes of an attempt; every attempt is in `attempts`. */
export interface FakeChannel extends Channel {
  attempts: OutgoingMessage[];
}

export function fakeChannel(
  name: string,
  answer: (message: OutgoingMessage) => SendOutcome | Promise<SendOutcome> = accepted,
): FakeChannel {
  const attempts: OutgoingMessage[] = [];
  return {
    name,
    attempts,
    policy: {
      windowHours: name === 'whatsapp' ? 24 : null,
      optOutConfirmedByProvider: name === 'sms',
      short: name === 'sms',
      perSecond: 1000,
    },
    parts: (text, choices) => [{ text, ...(choices && { choices: [...choices] }) }],
    async send(message) {
      attempts.push(message);
      return Promise.resolve(answer(message));
    },
  };
}

function accepted(message: OutgoingMessage): SendOutcome {
  return { kind: 'accepted', providerId: `SM-${message.ref}` };
}
