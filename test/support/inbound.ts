import type { InboundMessage } from '../../channels/channel.ts';

let counter = 0;

/** An inbound SMS with an id of its own; say what matters, the rest is ordinary. */
export function inboundMessage(overrides: Partial<InboundMessage> = {}): InboundMessage {
  counter += 1;
  return {
    channel: 'sms',
    providerId: `SM${counter.toString(16).padStart(32, '0')}`,
    address: '+447700900001',
    aliases: [],
    sender: '+442079460001',
    text: 'The nurse was kind but we waited three hours',
    media: [],
    ...overrides,
  };
}
