import type { DeliveryStatus } from '../../models/vocabulary.ts';
import type { Receipt } from '../channel.ts';
import { failureOfCode } from './failures.ts';
import { filled } from './form.ts';
import { channelOf } from './inbound.ts';

/**
 * Twilio's message statuses to ours. One that is not here is ignored: new ones appear without notice.
 * Source: https://www.twilio.com/docs/messaging/api/message-resource#message-status-values.
 */
const STATUS = new Map<string, DeliveryStatus>(
  Object.entries({
    accepted: 'accepted',
    scheduled: 'accepted',
    queued: 'accepted',
    sending: 'accepted',
    sent: 'sent',
    delivered: 'delivered',
    read: 'read',
    undelivered: 'undelivered',
    failed: 'failed',
    canceled: 'failed',
  } as const),
);

/** Twilio's parameters as a receipt; `ignored` for a status we do not know; null when a required field is missing. */
export function receiptOf(
  params: Readonly<Record<string, string>>,
  ref: string | undefined,
): Receipt | 'ignored' | null {
  const providerId = filled(params, 'MessageSid', 'SmsSid');
  const said = filled(params, 'MessageStatus', 'SmsStatus');
  if (providerId === '' || said === '') return null;
  const status = STATUS.get(said.toLowerCase());
  if (status === undefined) return 'ignored';
  const code = filled(params, 'ErrorCode');
  const failure = failureOfCode(code);
  return {
    channel: channelOf(filled(params, 'From', 'To')),
    providerId,
    status,
    ...(ref !== undefined && { ref }),
    ...(failure && { failure }),
    ...(code !== '' && { code }),
  };
}
