import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { deserialize, type Document, serialize } from 'bson';

/** A connection that sends whatever bytes a test wants. */
export class RawConnection {
  readonly socket: Socket;
  #received = Buffer.alloc(0);

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      socket.emit('received');
    });
  }

  static async open(path: string): Promise<RawConnection> {
    const socket = connect({ path });
    await once(socket, 'connect');
    return new RawConnection(socket);
  }

  /** The next whole reply; undefined when the server closed the connection instead. */
  async reply(): Promise<Document | undefined> {
    for (;;) {
      const length = this.#received.length >= 4 ? this.#received.readInt32LE(0) : Infinity;
      if (this.#received.length >= length) {
        const message = this.#received.subarray(0, length);
        this.#received = this.#received.subarray(length);
        return deserialize(message.subarray(message.readInt32LE(12) === 1 ? 36 : 21));
      }
      if (this.socket.destroyed || this.socket.readableEnded) return undefined;
      await Promise.race([once(this.socket, 'received'), once(this.socket, 'close')]);
    }
  }

  async command(command: Document): Promise<Document | undefined> {
    this.socket.write(message(serialize({ ...command, ...('$db' in command ? {} : { $db: 'test' }) })));
    return this.reply();
  }

  close(): void {
    this.socket.destroy();
  }
}

export interface MessageOptions {
  readonly flags?: number;
  readonly opCode?: number;
  /** A length to claim instead of the true one. */
  readonly length?: number;
  readonly sequences?: readonly (readonly [name: string, documents: readonly Uint8Array[]])[];
  readonly trailer?: Uint8Array;
}

/** Frames a body as OP_MSG, truthfully or not. */
export function message(body: Uint8Array, options: MessageOptions = {}): Buffer {
  const sections = (options.sequences ?? []).map(([name, documents]) => {
    const content = Buffer.concat([Buffer.from(`${name}\0`), ...documents]);
    const head = Buffer.alloc(5);
    head.writeUInt8(1, 0);
    head.writeInt32LE(content.length + 4, 1);
    return Buffer.concat([head, content]);
  });
  const content = Buffer.concat([Buffer.from([0]), body, ...sections, options.trailer ?? Buffer.alloc(0)]);
  const header = Buffer.alloc(20);
  header.writeInt32LE(options.length ?? header.length + content.length, 0);
  header.writeInt32LE(77, 4);
  header.writeInt32LE(options.opCode ?? 2013, 12);
  header.writeUInt32LE(options.flags ?? 0, 16);
  return Buffer.concat([header, content]);
}
