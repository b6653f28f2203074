import type { LedgerMessage } from './ledger.ts';
import { postSigned } from './signing.ts';

/** How status callbacks are played back for each accepted message. */
export interface CallbackPlan {
  /** In this order; default queued, sent, delivered. */
  statuses: string[];
  /** Before the first and between them. */
  delayMs: number;
  /** Each is posted twice. */
  doubled?: boolean;
  /** The first is posted before Messages.create is answered. */
  early?: boolean;
  errorCode?: string;
}

export interface CallbackTarget {
  accountSid: string;
  authToken: string;
  /** Where our service really listens, when callbacks name a public origin that is not reachable here. */
  deliverTo: string | undefined;
}

/** Posts one status callback. Resolves the status our service answered. */
export async function postStatus(
  target: CallbackTarget,
  message: LedgerMessage,
  status: string,
  errorCode?: string,
): Promise<number> {
  if (message.statusCallback === undefined) return 0;
  message.statuses.push(status);
  const params = {
    AccountSid: target.accountSid,
    MessageSid: message.sid,
    SmsSid: message.sid,
    MessageStatus: status,
    SmsStatus: status,
    From: message.from,
    To: message.to,
    ApiVersion: '2010-04-01',
    ...(errorCode !== undefined && { ErrorCode: errorCode }),
  };
  const url = reachable(message.statusCallback, target.deliverTo);
  return postSigned({ url, params, authToken: target.authToken, signedUrl: message.statusCallback });
}

/** Plays a plan from its `from`th status on. */
export async function playCallbacks(
  target: CallbackTarget,
  message: LedgerMessage,
  plan: CallbackPlan,
  from = 0,
): Promise<void> {
  for (const status of plan.statuses.slice(from)) {
    await new Promise((resolve) => setTimeout(resolve, plan.delayMs));
    const code = status === 'failed' || status === 'undelivered' ? plan.errorCode : undefined;
    await postStatus(target, message, status, code);
    if (plan.doubled) await postStatus(target, message, status, code);
  }
}

/** The same path and query at the origin where our service listens. */
export function reachable(url: string, deliverTo: string | undefined): string {
  if (deliverTo === undefined) return url;
  const { pathname, search } = new URL(url);
  return new URL(pathname + search, deliverTo).href;
}
