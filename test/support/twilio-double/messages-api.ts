import type { Ledger, LedgerMessage } from './ledger.ts';

/** An answer of the REST API. */
export interface ApiAnswer {
  status: number;
  body: unknown;
}

export function apiError(status: number, code: number, message: string): ApiAnswer {
  return { status, body: { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status } };
}

const PAGE_SIZE = 50;

/** What Twilio checks before it takes a message; the message, or its error. */
export function createMessage(ledger: Ledger, form: URLSearchParams, now: Date): LedgerMessage | ApiAnswer {
  const text = (name: string): string => form.get(name) ?? '';
  const contentSid = text('ContentSid');
  const refused = refusalOf(text);
  if (refused) return refused;
  const shown =
    contentSid === ''
      ? { body: text('Body'), choices: [], titles: [] }
      : rendered(ledger, contentSid, text('ContentVariables'));
  if ('status' in shown) return shown;
  const callback = text('StatusCallback');
  return {
    sid: ledger.sid('SM'),
    ref: callback === '' ? '' : (new URL(callback).searchParams.get('ref') ?? ''),
    to: text('To'),
    from: text('From') === '' ? text('MessagingServiceSid') : text('From'),
    ...shown,
    ...(contentSid !== '' && { contentSid, contentVariables: variablesOf(text('ContentVariables')) }),
    ...(callback !== '' && { statusCallback: callback }),
    createdAt: now,
    statuses: [],
  };
}

function refusalOf(text: (name: string) => string): ApiAnswer | null {
  if (text('To') === '') return apiError(400, 21604, "A 'To' phone number is required.");
  if (text('From') + text('MessagingServiceSid') === '') return apiError(400, 21603, "A 'From' is required.");
  if (text('Body') + text('ContentSid') === '') return apiError(400, 21602, 'Message body is required.');
  if (text('Body').length > 1600) return apiError(400, 21617, 'The message body exceeds the 1600 character limit.');
  return null;
}

/** The message list as Twilio pages it, newest first. */
export function listMessages(ledger: Ledger, accountSid: string, query: URLSearchParams): ApiAnswer {
  const wanted = (message: LedgerMessage): boolean =>
    ['To', 'From'].every((name) => {
      const value = query.get(name);
      return value === null || value === (name === 'To' ? message.to : message.from);
    });
  const size = Number(query.get('PageSize') ?? PAGE_SIZE);
  const page = Number(query.get('Page') ?? 0);
  const all = ledger.messages.filter(wanted).reverse();
  const next = new URLSearchParams(query);
  next.set('Page', String(page + 1));
  const more = all.length > (page + 1) * size;
  const uri = `/2010-04-01/Accounts/${accountSid}/Messages.json`;
  return {
    status: 200,
    body: {
      messages: all.slice(page * size, (page + 1) * size).map((message) => messageJson(accountSid, message)),
      page,
      page_size: size,
      next_page_uri: more ? `${uri}?${next.toString()}` : null,
      uri: `${uri}?${query.toString()}`,
    },
  };
}

/** A message as the REST API shows it. */
export function messageJson(accountSid: string, message: LedgerMessage): Record<string, unknown> {
  const made = message.createdAt.toUTCString().replace('GMT', '+0000');
  return {
    account_sid: accountSid,
    api_version: '2010-04-01',
    body: message.body,
    date_created: made,
    date_sent: null,
    date_updated: made,
    direction: 'outbound-api',
    error_code: null,
    error_message: null,
    from: message.from,
    messaging_service_sid: null,
    num_media: '0',
    num_segments: '1',
    price: null,
    price_unit: 'GBP',
    sid: message.sid,
    status: message.statuses.at(-1) ?? 'queued',
    subresource_uris: { media: `/2010-04-01/Accounts/${accountSid}/Messages/${message.sid}/Media.json` },
    to: message.to,
    uri: `/2010-04-01/Accounts/${accountSid}/Messages/${message.sid}.json`,
  };
}

function rendered(
  ledger: Ledger,
  sid: string,
  json: string,
): Pick<LedgerMessage, 'body' | 'choices' | 'titles'> | ApiAnswer {
  const content = ledger.contents.get(sid);
  const type = content && Object.values(content.types)[0];
  if (type === undefined) return apiError(404, 21655, 'The ContentSid is Invalid');
  const variables = variablesOf(json);
  // Twilio refuses these (error 21656), which is why line breaks are part of our shapes.
  if (Object.values(variables).some((value) => value === '' || /[\n\t]| {5}/.test(value))) {
    return apiError(400, 21656, 'The ContentVariables Parameter is invalid');
  }
  const fill = (text: string): string =>
    text.replace(/\{\{(\w+)\}\}/g, (_whole, name: string) => variables[name] ?? '');
  const shown = [...(type.actions ?? []), ...(type.items ?? []).map(({ id, item }) => ({ id, title: item }))];
  return {
    body: fill(type.body),
    choices: shown.map(({ id }) => fill(id)),
    titles: shown.map(({ title }) => fill(title)),
  };
}

function variablesOf(json: string): Record<string, string> {
  return json === '' ? {} : (JSON.parse(json) as Record<string, string>);
}
