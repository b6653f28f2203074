import type { Twilio } from 'twilio';
import type { MessageInstance } from 'twilio/lib/rest/api/v2010/account/message.js';
import { DEFAULT_API_URL, type TwilioOptions } from './options.ts';

/** What Messages.create takes; exactly one of body and contentSid. */
export interface MessageToCreate {
  to: string;
  from?: string;
  messagingServiceSid?: string;
  body?: string;
  contentSid?: string;
  contentVariables?: string;
  statusCallback?: string;
}

export interface RestOptions extends Pick<TwilioOptions, 'accountSid' | 'authToken' | 'apiUrl'> {
  timeoutMs: number;
}

/** The few REST calls we make, over a client that is loaded on the first of them. */
export interface Rest {
  /** Resolves the sid, whatever it is. Rejects with ApiRefusal or a network error. */
  createMessage(message: MessageToCreate, signal: AbortSignal): Promise<unknown>;
  /** Messages to one address, newest first, page by page. */
  listMessages(filter: { to: string; from?: string }): AsyncGenerator<MessageInstance[]>;
  /** Makes a Content resource and resolves its sid. */
  createContent(request: object, signal: AbortSignal): Promise<unknown>;
}

const PAGE_SIZE = 50;

/** What we use of the SDK's page of messages. */
interface Page {
  instances: MessageInstance[];
  nextPageUrl?: string | undefined;
  nextPage(): Promise<unknown> | undefined;
}

export function createRest(options: RestOptions): Rest {
  let loading: Promise<{ client: Twilio; withSignal: WithSignal }> | undefined;
  const load = (): Promise<{ client: Twilio; withSignal: WithSignal }> => {
    loading ??= import('./http-client.ts').then(({ openClient, withSignal }) => ({
      client: openClient(options, rerouteTo(options.apiUrl), options.timeoutMs),
      withSignal,
    }));
    return loading;
  };
  return {
    async createMessage(message, signal) {
      const { client, withSignal } = await load();
      return withSignal(signal, async () => (await client.messages.create(message)).sid);
    },
    async *listMessages(filter) {
      const { client } = await load();
      let page: Page | undefined = await client.messages.page({ ...filter, pageSize: PAGE_SIZE });
      while (page) {
        yield page.instances;
        page = page.nextPageUrl ? ((await page.nextPage()) as Page | undefined) : undefined;
      }
    },
    async createContent(request, signal) {
      const { client, withSignal } = await load();
      return withSignal(signal, async () => (await client.content.v1.contents.create(request as never)).sid);
    },
  };
}

type WithSignal = <Result>(signal: AbortSignal, call: () => Promise<Result>) => Promise<Result>;

/**
 * Where a call of the SDK goes. The default origin leaves it alone; a regional edge of Twilio takes REST, and the Content API
 * under its own name beside it; any other origin (a double) takes everything.
 */
export function rerouteTo(apiUrl: string): (uri: string) => string {
  const target = new URL(apiUrl);
  if (target.origin === DEFAULT_API_URL) return (uri) => uri;
  return (uri) => {
    const url = new URL(uri);
    const product = url.hostname.split('.', 1)[0] ?? 'api';
    const host = target.hostname.endsWith('.twilio.com') ? target.host.replace(/^api\./, `${product}.`) : target.host;
    return `${target.protocol}//${host}${url.pathname}${url.search}`;
  };
}
