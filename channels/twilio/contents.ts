import type { Logger } from 'pino';
import type { Interactive } from './interactive.ts';
import type { ContentStore } from './options.ts';
import type { Rest } from './rest.ts';

const CONTENT_SID = /^HX[0-9a-f]{32}$/i;

/** After a failure the shape is not tried again for so long; messages go out numbered meanwhile. */
const REST_AFTER_FAILURE_MS = 10 * 60_000;

/** Part of every key: raise it when the shapes change what they mean. */
const VERSION = 'v1';

export interface Contents {
  /** The Content resource for a shape, made if need be; null when there is none to be had now. Never throws. */
  sidFor(interactive: Interactive): Promise<string | null>;
  /** Twilio refused a message with it: make it anew some time. */
  forget(interactive: Interactive): Promise<void>;
}

/** Content resources by shape: made once, remembered in the store, shared by calls that need the same one at once. */
export function createContents(
  rest: Rest,
  store: ContentStore,
  deps: { log: Logger; now: () => Date; accountSid: string; deadlineMs: number },
): Contents {
  const making = new Map<string, Promise<string | null>>();
  const resting = new Map<string, number>();
  const keyOf = ({ key }: Interactive): string => `twilio.content.${VERSION}.${deps.accountSid}.${key}`;

  const rested = (key: string): void => {
    resting.set(key, deps.now().getTime() + REST_AFTER_FAILURE_MS);
  };
  const make = async (key: string, interactive: Interactive): Promise<string | null> => {
    try {
      const stored = await store.get(key);
      if (stored !== undefined && stored !== '') return stored;
      const sid = await rest.createContent(interactive.request, AbortSignal.timeout(deps.deadlineMs));
      if (typeof sid !== 'string' || !CONTENT_SID.test(sid)) throw new TypeError('no content sid');
      await store.set(key, sid);
      return sid;
    } catch (error) {
      rested(key);
      const name = error instanceof Error ? error.name : 'error';
      deps.log.warn({ shape: interactive.key, error: name }, 'twilio content could not be made');
      return null;
    }
  };

  return {
    sidFor(interactive) {
      const key = keyOf(interactive);
      if ((resting.get(key) ?? 0) > deps.now().getTime()) return Promise.resolve(null);
      const known = making.get(key) ?? make(key, interactive);
      making.set(key, known);
      // A failure is not remembered here but in `resting`, which ends.
      void known.then((sid) => sid === null && making.delete(key));
      return known;
    },
    async forget(interactive) {
      const key = keyOf(interactive);
      making.delete(key);
      rested(key);
      await store.set(key, '').catch(() => undefined);
    },
  };
}

/** A store that lasts as long as the process, for when none is given. */
export function contentsInMemory(): ContentStore {
  const sids = new Map<string, string>();
  return {
    get: (key) => Promise.resolve(sids.get(key)),
    set: (key, sid) => Promise.resolve(void sids.set(key, sid)),
  };
}
