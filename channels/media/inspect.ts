import { Transform, type Readable, type TransformCallback } from 'node:stream';
import { HEAD_BYTES, TAIL_BYTES } from './sniff.ts';

/** Thrown through the stream when a file grows past its limit. */
export class TooLargeError extends Error {
  constructor() {
    super('media too large');
    this.name = 'TooLargeError';
  }
}

/** Lets a file through while keeping its beginning and its end, and stops it at `maxBytes`. */
export class Inspection extends Transform {
  bytes = 0;
  private readonly maxBytes: number;
  private readonly heads: Buffer[] = [];
  private headBytes = 0;
  private ending: Buffer = Buffer.alloc(0);

  constructor(maxBytes: number) {
    super();
    this.maxBytes = maxBytes;
  }

  get head(): Buffer {
    return Buffer.concat(this.heads);
  }

  get tail(): Buffer {
    return this.ending;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.bytes += chunk.length;
    if (this.bytes > this.maxBytes) {
      done(new TooLargeError());
      return;
    }
    if (this.headBytes < HEAD_BYTES) {
      const part = chunk.subarray(0, HEAD_BYTES - this.headBytes);
      this.heads.push(part);
      this.headBytes += part.length;
    }
    const joined = chunk.length >= TAIL_BYTES ? chunk : Buffer.concat([this.ending, chunk]);
    this.ending = Buffer.from(joined.subarray(-TAIL_BYTES));
    done(null, chunk);
  }
}

/** Ties a source to an inspection so that the failure of either ends both. */
export function inspected(source: Readable, inspection: Inspection): Inspection {
  source.on('error', (error) => inspection.destroy(error));
  inspection.on('close', () => source.destroy());
  // Whoever reads may not be listening yet; without this an early failure would end the process.
  inspection.on('error', () => undefined);
  source.pipe(inspection as NodeJS.WritableStream);
  return inspection;
}
