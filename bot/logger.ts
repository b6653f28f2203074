import { pino, type DestinationStream, type Logger } from 'pino';

/**
 * The log. Nobody's words, names or numbers belong in it: callers log opaque ids, counts and kinds, and errors pass through
 * `describeError`, because drivers and HTTP clients put values and credentials into theirs.
 */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options = { level, base: { service: 'shuni' }, serializers: { err: describeError, error: describeError } };
  return destination ? pino(options, destination) : pino(options);
}

/** What may be said of an error: its class, code, scrubbed message and where it was thrown. */
export function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error };
  const { code, status } = error as Error & { code?: unknown; status?: unknown };
  const frames = (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 6);
  return {
    type: error.name,
    message: scrub(error.message),
    ...((typeof code === 'string' || typeof code === 'number') && { code }),
    ...(typeof status === 'number' && { status }),
    at: frames.map((line) => line.trim()),
  };
}

/** Takes out of a message what could be somebody's: quoted values, numbers of four digits or more, addresses of e-mail. */
export function scrub(message: string): string {
  return message
    .slice(0, 500)
    .replace(/"[^"]*"|'[^']{0,400}'|`[^`]*`/g, '"…"')
    .replace(/\S{1,100}@\S{1,100}/g, '…@…')
    .replace(/\+?\p{Nd}[\p{Nd} -]{2,}\p{Nd}/gu, '#');
}
