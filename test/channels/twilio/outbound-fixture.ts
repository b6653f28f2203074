import { pino } from 'pino';
import type { Channel, OutgoingMessage } from '../../../channels/channel.ts';
import { contentsInMemory } from '../../../channels/twilio/contents.ts';
import type { TwilioDeps, TwilioOptions } from '../../../channels/twilio/options.ts';
import { createTwilio } from '../../../channels/twilio/provider.ts';
import { TwilioDouble, type DoubleOptions } from '../../support/twilio-double/double.ts';
import { ACCOUNT, OPTIONS, OUR_SMS, OUR_WHATSAPP, PUBLIC_URL, RESIDENT, TOKEN } from './fixture.ts';

export interface Outbound {
  double: TwilioDouble;
  sms: Channel;
  whatsapp: Channel;
  logged: string[];
}

/** The provider's channels, speaking to a fresh double. */
export async function startOutbound(
  options: Partial<TwilioOptions> = {},
  deps: Partial<TwilioDeps> = {},
  doubleOptions: Partial<DoubleOptions> = {},
): Promise<Outbound> {
  const double = await new TwilioDouble({
    accountSid: ACCOUNT,
    authToken: TOKEN,
    publicUrl: PUBLIC_URL,
    ...doubleOptions,
  }).start();
  const logged: string[] = [];
  const { channels } = createTwilio(
    { ...OPTIONS, apiUrl: double.url, ...options },
    {
      intake: { accept: () => Promise.resolve('accepted'), receipt: () => Promise.resolve() },
      log: pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) }),
      now: () => new Date(),
      contents: contentsInMemory(),
      ...deps,
    },
  );
  const named = (name: string): Channel => {
    const channel = channels.find((one) => one.name === name);
    if (!channel) throw new Error(`no ${name}`);
    return channel;
  };
  return { double, sms: named('sms'), whatsapp: named('whatsapp'), logged };
}

let refs = 0;

export function smsMessage(extra: Partial<OutgoingMessage> = {}): OutgoingMessage {
  refs += 1;
  return { ref: `ref-${refs}`, to: RESIDENT, from: OUR_SMS, text: 'Thank you.', ...extra };
}

export function whatsappMessage(extra: Partial<OutgoingMessage> = {}): OutgoingMessage {
  return smsMessage({ from: OUR_WHATSAPP, ...extra });
}

export const NO_SIGNAL = new AbortController().signal;
