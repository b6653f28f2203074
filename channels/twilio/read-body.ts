import type { IncomingMessage } from 'node:http';

export type BodyResult = Buffer | 'too-large' | 'too-slow' | 'aborted';

/** After a refusal the rest of an upload is drained up to here, so that the sender can still read our answer. */
const DRAIN_BYTES = 1024 * 1024;

/** Reads a request's body into memory: at most `limit` bytes within `deadlineMs`. Never rejects. */
export function readBody(request: IncomingMessage, limit: number, deadlineMs: number): Promise<BodyResult> {
  return new Promise((resolve) => {
    if (request.destroyed || request.readableEnded) {
      resolve('aborted');
      return;
    }
    const chunks: Buffer[] = [];
    let size = 0;
    const timer = setTimeout(() => {
      settle('too-slow');
    }, deadlineMs);
    const settle = (result: BodyResult): void => {
      clearTimeout(timer);
      resolve(result);
    };
    if (Number(request.headers['content-length'] ?? 0) > limit) settle('too-large');
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) chunks.push(chunk);
      else settle('too-large');
      if (size > DRAIN_BYTES) request.destroy();
    });
    request.on('end', () => {
      settle(size <= limit ? Buffer.concat(chunks, size) : 'too-large');
    });
    request.on('error', () => {
      settle('aborted');
    });
    request.on('close', () => {
      settle('aborted');
    });
  });
}
