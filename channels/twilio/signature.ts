import { validateRequest } from 'twilio/lib/webhooks/webhooks.js';
import type { Form } from './form.ts';

/** Ids of our messages as they appear in `?ref=` of a status callback. */
const REF_QUERY = /^\?ref=([A-Za-z0-9_-]{1,64})$/;

/** What was signed: the path as we configured it at Twilio and the query exactly as received (`''` or `?…`). */
export interface SignedRequest {
  path: string;
  query: string;
  header: string | undefined;
  form: Form;
}

/**
 * Checks a webhook's signature: HMAC-SHA1 over the configured public URL and the sorted parameters, under any of the tokens.
 * twilio-node's `validateRequest` decides; our own refusals come first, for what it lets pass (spec: channels.md).
 * `publicUrl` never comes from the request.
 */
export function createSignatureCheck(
  publicUrl: string,
  tokens: readonly (string | undefined)[],
): (request: SignedRequest) => boolean {
  const origin = publicUrl.replace(/#.*$/s, '').replace(/\/+$/, '');
  const usable = tokens.filter((token): token is string => token !== undefined && token !== '');
  return ({ path, query, header, form }) => {
    if (header === undefined || form.repeated) return false;
    return usable.some((token) => validateRequest(token, header, origin + path + query, form.params));
  };
}

/** The message id in a status callback's query; undefined without a query; null when the query is not one we ever gave. */
export function refOfQuery(query: string): string | undefined | null {
  if (query === '') return undefined;
  return REF_QUERY.exec(query)?.[1] ?? null;
}
