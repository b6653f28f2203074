import { unescape } from 'node:querystring';

/** Parameters as Twilio sent them: strings only, no prototype, repeated keys noted and never merged. */
export interface Form {
  params: Readonly<Record<string, string>>;
  count: number;
  repeated: boolean;
}

/**
 * Reads `application/x-www-form-urlencoded` bytes as UTF-8. Escapes that are not UTF-8 become U+FFFD, so that such a body fails
 * its signature instead of throwing. Reading stops at `maxCount`: the count then exceeds it.
 */
export function parseForm(body: Buffer, maxCount: number): Form {
  const params = Object.create(null) as Record<string, string>;
  let count = 0;
  let repeated = false;
  for (const pair of body.toString('utf8').split('&', maxCount + 1)) {
    if (pair === '') continue;
    count += 1;
    const at = pair.indexOf('=');
    const key = decode(at === -1 ? pair : pair.slice(0, at));
    if (key in params) repeated = true;
    params[key] = at === -1 ? '' : decode(pair.slice(at + 1));
  }
  return { params, count, repeated };
}

/** The first of these parameters that is there and not empty; else `''`. */
export function filled(params: Form['params'], ...keys: readonly string[]): string {
  for (const key of keys) if (params[key]) return params[key];
  return '';
}

function decode(text: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
  return spaced.includes('%') ? unescape(spaced) : spaced;
}
