/** Which of our messages a provider's id belongs to, as far as this process has heard. */
export interface Owners {
  note(sid: string, ref: string): void;
  of: (sid: string) => string | undefined;
}

/** Enough for a day of a busy service; the oldest are forgotten first. */
const MOST = 50_000;

export function createOwners(most: number = MOST): Owners {
  const refs = new Map<string, string>();
  return {
    note(sid, ref) {
      refs.set(sid, ref);
      const oldest = refs.keys().next();
      if (refs.size > most && !oldest.done) refs.delete(oldest.value);
    },
    of: (sid) => refs.get(sid),
  };
}
