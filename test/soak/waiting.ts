/** Resolves after `ms`, or at once when `signal` is or gets aborted. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) {
      resolve();
      return;
    }
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done);
  });
}

/** What `work` resolves, or undefined when it has not within `ms`. */
export async function within<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => {
      resolve(undefined);
    }, ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Looks again and again, with pauses, until `look` finds something; undefined after `ms` or when `signal` is aborted. */
export async function eventually<T>(
  look: () => Promise<T | undefined> | T | undefined,
  ms: number,
  signal?: AbortSignal,
  every = 150,
): Promise<T | undefined> {
  const deadline = performance.now() + ms;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (signal?.aborted === true || performance.now() >= deadline) return undefined;
    await pause(every, signal);
  }
}
