import { AsyncLocalStorage } from 'node:async_hooks';
import { Agent } from 'node:http';
import twilio from 'twilio';
import RequestClient from 'twilio/lib/base/RequestClient.js';
import { ApiRefusal } from './api-refusal.ts';

/** The abort signal of the call in whose context a request is made: twilio's own client knows none. */
const signals = new AsyncLocalStorage<AbortSignal>();

/** Runs a call to the API so that aborting `signal` aborts its request. */
export function withSignal<Result>(signal: AbortSignal, call: () => Promise<Result>): Promise<Result> {
  // A signal of its own for each call: many calls share the caller's, and each would hang a listener on it.
  return signals.run(AbortSignal.any([signal]), call);
}

type Options<Data> = RequestClient.RequestOptions<Data>;
type Answer<Data> = Awaited<ReturnType<RequestClient['request']>> & { body: Data };

/** twilio's HTTP client with three things it lacks: another origin, an abort signal, and answers that keep Retry-After. */
class ReroutingClient extends RequestClient {
  private readonly reroute: (uri: string) => string;

  constructor(reroute: (uri: string) => string, timeout: number) {
    super({ timeout, keepAlive: true, autoRetry: false });
    this.reroute = reroute;
    this.axios.defaults.httpAgent = new Agent({ keepAlive: true });
    this.axios.interceptors.request.use((config) => {
      const signal = signals.getStore();
      if (signal) config.signal = signal;
      return config;
    });
  }

  override async request<Data>(options: Options<Data>): Promise<Answer<Data>> {
    const answer = (await super.request({ ...options, uri: this.reroute(options.uri) })) as Answer<Data>;
    if (answer.statusCode < 200 || answer.statusCode >= 300) throw refusal(answer);
    return answer;
  }
}

function refusal(answer: { statusCode: number; body: unknown; headers?: unknown }): ApiRefusal {
  const body = answer.body as { code?: unknown } | null | undefined;
  const code = typeof body === 'object' ? body?.code : undefined;
  const headers = (answer.headers ?? {}) as Record<string, unknown>;
  const retryAfter = headers['retry-after'];
  return new ApiRefusal(
    answer.statusCode,
    typeof code === 'number' || typeof code === 'string' ? String(code) : undefined,
    typeof retryAfter === 'string' ? retryAfter : undefined,
  );
}

/** A Twilio client whose every request goes through `reroute`. Importing this file loads the whole SDK (110 ms, 22 MB). */
export function openClient(
  account: { accountSid: string; authToken: string },
  reroute: (uri: string) => string,
  timeoutMs: number,
): twilio.Twilio {
  return twilio(account.accountSid, account.authToken, { httpClient: new ReroutingClient(reroute, timeoutMs) });
}
