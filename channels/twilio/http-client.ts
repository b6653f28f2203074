import { AsyncLocalStorage } from 'node:async_hooks';
import { Agent } from 'node:http';
import type { Duplex } from 'node:stream';
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

const IDLE_MS = 2000;

type Options<Data> = RequestClient.RequestOptions<Data>;
type Answer<Data> = Awaited<ReturnType<RequestClient['request']>> & { body: Data };

/** twilio's HTTP client with three things it lacks: another origin, an abort signal, and answers that keep Retry-After. */
class ReroutingClient extends RequestClient {
  private readonly reroute: (uri: string) => string;

  constructor(reroute: (uri: string) => string, timeout: number) {
    super({ timeout, keepAlive: true, autoRetry: false });
    this.reroute = reroute;
    this.axios.defaults.httpAgent = droppingIdle(new Agent({ keepAlive: true }));
    this.axios.defaults.httpsAgent = droppingIdle(this.axios.defaults.httpsAgent as Agent);
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

/**
 * Keeps connections, but none that has been idle for long: the other end closes those too, and a message sent down a connection in
 * that very moment is of unknown fate. Servers close after 5 s and more, so we are the first.
 */
function droppingIdle(agent: Agent): Agent {
  const keep = agent.keepSocketAlive.bind(agent) as (socket: Duplex) => boolean;
  agent.keepSocketAlive = (socket: Duplex): boolean => {
    const kept = keep(socket);
    (socket as Duplex & { setTimeout(ms: number): void }).setTimeout(IDLE_MS); // the agent destroys what times out while nobody uses it
    return kept;
  };
  return agent;
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
