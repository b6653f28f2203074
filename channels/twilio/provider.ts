import type { Channel, Intake, Provider, Receipt } from '../channel.ts';
import { contentsInMemory, createContents } from './contents.ts';
import { findMessage, type Claims } from './find.ts';
import { openMedia, removeMedia, type MediaAccess } from './media.ts';
import { DEADLINES, WHATSAPP_PREFIX, type TwilioDeps, type TwilioOptions } from './options.ts';
import { createOwners, type Owners } from './owners.ts';
import { createRest } from './rest.ts';
import { twilioRoutes } from './routes.ts';
import { sendMessage, type Sending } from './send.ts';
import { smsParts } from './sms-parts.ts';
import { whatsappParts } from './whatsapp-parts.ts';

/**
 * Twilio: SMS and WhatsApp, whichever has a sender. Loads Twilio's SDK on the first message out, not before.
 * Source of behaviour: spec channels.md.
 */
export function createTwilio(options: TwilioOptions, deps: TwilioDeps): Provider {
  const deadlines = { ...DEADLINES, ...deps.deadlines };
  const rest = createRest({ ...options, timeoutMs: deadlines.send });
  const { log, now } = deps;
  const contents = createContents(rest, deps.contents ?? contentsInMemory(), {
    log,
    now,
    accountSid: options.accountSid,
    deadlineMs: deadlines.content,
  });
  const publicUrl = options.publicUrl.replace(/\/+$/, '');
  const shared = { rest, contents, now, publicUrl, messagingServiceSid: options.messagingServiceSid };
  const media: MediaAccess = { options, fetch: deps.fetch ?? globalThis.fetch, deadlineMs: deadlines.media };
  const claims: Claims = { owners: createOwners(), offered: createOwners() };
  const channels: Channel[] = [];
  if (options.smsFrom || options.messagingServiceSid) {
    const sending: Sending = { ...shared, prefix: '', interactive: false };
    channels.push({ name: 'sms', policy: smsPolicy(options), parts: smsParts, ...transport(sending, media, claims) });
  }
  if (options.whatsappFrom) {
    const sending: Sending = { ...shared, prefix: WHATSAPP_PREFIX, interactive: true };
    const policy = whatsappPolicy(options);
    channels.push({ name: 'whatsapp', policy, parts: whatsappParts, ...transport(sending, media, claims) });
  }
  return { channels, routes: twilioRoutes(options, { ...deps, intake: noticing(deps.intake, claims.owners) }) };
}

type Transport = Pick<Channel, 'send' | 'find' | 'openMedia' | 'removeMedia'>;

function transport(sending: Sending, media: MediaAccess, claims: Claims): Transport {
  return {
    async send(message, signal) {
      const outcome = await sendMessage(sending, message, signal);
      if (outcome.kind === 'accepted') claims.owners.note(outcome.providerId, message.ref);
      return outcome;
    },
    find: (message, attemptedAt) => findMessage(sending, message, attemptedAt, claims),
    openMedia: (name, signal) => openMedia(media, name, signal),
    removeMedia: (name) => removeMedia(media, name),
  };
}

/** Remembers from every receipt which message of ours a sid belongs to. */
function noticing(intake: Intake, owners: Owners): Intake {
  return {
    accept: (message) => intake.accept(message),
    receipt: (receipt: Receipt) => {
      if (receipt.ref !== undefined) owners.note(receipt.providerId, receipt.ref);
      return intake.receipt(receipt);
    },
  };
}

function smsPolicy(options: TwilioOptions): Channel['policy'] {
  return { windowHours: null, optOutConfirmedByProvider: true, short: true, perSecond: options.smsPerSecond };
}

function whatsappPolicy(options: TwilioOptions): Channel['policy'] {
  return { windowHours: 24, optOutConfirmedByProvider: false, short: false, perSecond: options.whatsappPerSecond };
}
