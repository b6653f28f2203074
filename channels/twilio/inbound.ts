import type { ChannelName } from '../../models/vocabulary.ts';
import type { InboundMessage } from '../channel.ts';
import { undoBase64 } from './base64-body.ts';
import { filled } from './form.ts';
import { mediaOf } from './inbound-media.ts';
import { bareAddress, WHATSAPP_PREFIX } from './options.ts';

type Params = Readonly<Record<string, string>>;

const SID = /^[A-Za-z0-9]{1,64}$/;
const OPT_OUT_TYPES = new Map<string, 'stop' | 'start' | 'help'>([
  ['STOP', 'stop'],
  ['START', 'start'],
  ['HELP', 'help'],
]);

/**
 * Twilio's parameters as one message. Null when a field without which nothing can be stored is missing or malformed
 * (MessageSid, AccountSid, From, To). Everything else may be absent, and unknown parameters are accepted.
 * Source: https://www.twilio.com/docs/messaging/guides/webhook-request.
 */
export function inboundMessage(params: Params): InboundMessage | null {
  const { MessageSid: providerId, AccountSid: accountSid, From: from, To: to } = params;
  if (providerId === undefined || !SID.test(providerId) || !accountSid || !from || !to) return null;
  const channel = channelOf(to);
  const address = clean(bareAddress(from));
  if (address === '' || channelOf(from) !== channel) return null;
  return {
    channel,
    providerId,
    address,
    aliases: aliasesOf(params, address),
    sender: bareAddress(to),
    text: textOf(params, channel),
    media: mediaOf(params, accountSid, providerId),
    ...optionalParts(params),
  };
}

/** `sms` or `whatsapp`, from an address as Twilio writes it. */
export function channelOf(address: string): ChannelName {
  return address.startsWith(WHATSAPP_PREFIX) ? 'whatsapp' : 'sms';
}

function optionalParts(params: Params): Partial<InboundMessage> {
  const choice = clean(filled(params, 'ButtonPayload', 'ListId'));
  const location = locationOf(params);
  const replyTo = params['OriginalRepliedMessageSid'] ?? '';
  const optOut = OPT_OUT_TYPES.get((params['OptOutType'] ?? '').toUpperCase());
  return {
    ...(choice !== '' && { choice }),
    ...(location && { location }),
    ...(SID.test(replyTo) && { replyTo }),
    ...(optOut && { optOut }),
  };
}

function textOf(params: Params, channel: ChannelName): string {
  const body = filled(params, 'Body', 'ButtonText', 'ListTitle');
  return clean(channel === 'sms' ? undoBase64(body) : body);
}

/** A business-scoped WhatsApp id beside a number, and a number beside a business-scoped id: both are the same person. */
function aliasesOf(params: Params, address: string): string[] {
  const external = clean(bareAddress(params['ExternalUserId'] ?? ''));
  const waId = params['WaId'] ?? '';
  const number = /^\d{5,15}$/.test(waId) ? `+${waId}` : '';
  return [...new Set([external, number])].filter((alias) => alias !== '' && alias !== address);
}

function locationOf(params: Params): InboundMessage['location'] | null {
  if (!params['Latitude'] || !params['Longitude']) return null;
  const latitude = Number(params['Latitude']);
  const longitude = Number(params['Longitude']);
  if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) return null;
  const label = clean(filled(params, 'Label', 'Address'));
  return { latitude, longitude, ...(label !== '' && { label }) };
}

/** U+0000 is legal in a form and in no database we may meet. */
function clean(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '') : text;
}
