import { createServer, type Server as NetServer, type Socket } from 'node:net';
import { runCommand } from './commands/run-command.ts';
import type { Engine } from './engine.ts';
import { commandOf, frameReply, type Message, messageLength, parseMessage } from './wire.ts';

/** Told when the first client comes and the last one goes. */
export interface ServerEvents {
  clients(count: number): void;
}

/** Accepts clients on Unix sockets and loopback ports and answers their messages, each connection's in order. */
export class Server {
  readonly #engine: Engine;
  readonly #events: ServerEvents;
  readonly #listeners: NetServer[] = [];
  readonly #connections = new Set<Connection>();
  #nextConnection = 1;

  constructor(engine: Engine, events: ServerEvents) {
    this.#engine = engine;
    this.#events = events;
  }

  /** Listens on a socket path or on a loopback port. Rejects when the address is taken. */
  listen(address: { path: string } | { port: number }): Promise<void> {
    const listener = createServer({ noDelay: true }, (socket) => {
      this.#accept(socket);
    });
    this.#listeners.push(listener);
    return new Promise((resolve, reject) => {
      listener.once('error', reject);
      listener.listen('path' in address ? address : { port: address.port, host: '127.0.0.1' }, () => {
        listener.off('error', reject);
        resolve();
      });
    });
  }

  /** The port the last TCP listener got. */
  get port(): number | undefined {
    const address = this.#listeners.at(-1)?.address();
    return typeof address === 'object' ? address?.port : undefined;
  }

  #accept(socket: Socket): void {
    const connection = new Connection(this.#engine, socket, this.#nextConnection);
    this.#nextConnection += 1;
    this.#connections.add(connection);
    this.#events.clients(this.#connections.size);
    socket.once('close', () => {
      this.#connections.delete(connection);
      this.#events.clients(this.#connections.size);
    });
  }

  /** Stops accepting, lets every command under way finish and be answered, and closes the connections. */
  async close(): Promise<void> {
    for (const listener of this.#listeners) listener.close();
    await Promise.all([...this.#connections].map((connection) => connection.finish()));
  }
}

let nextReply = 1;

class Connection {
  readonly #engine: Engine;
  readonly #socket: Socket;
  readonly #id: number;
  readonly #messages: Message[] = [];
  #chunks: Buffer[] = [];
  #buffered = 0;
  #working: Promise<void> | undefined;

  constructor(engine: Engine, socket: Socket, id: number) {
    this.#engine = engine;
    this.#socket = socket;
    this.#id = id;
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk: Buffer) => {
      this.#receive(chunk);
    });
  }

  async finish(): Promise<void> {
    this.#socket.pause();
    await this.#working;
    this.#socket.end();
    this.#socket.destroySoon();
  }

  #receive(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#buffered += chunk.length;
    try {
      this.#split();
    } catch {
      // What follows a broken frame cannot be told apart, so the connection ends, as on MongoDB.
      this.#socket.destroy();
      return;
    }
    if (this.#messages.length > 0) this.#working ??= this.#work();
  }

  #split(): void {
    while (this.#buffered >= 4) {
      const length = messageLength(this.#atLeast(4));
      if (this.#buffered < length) return;
      const bytes = this.#atLeast(length);
      this.#messages.push(parseMessage(bytes.subarray(0, length)));
      this.#buffered -= length;
      if (bytes.length === length) this.#chunks.shift();
      else this.#chunks[0] = bytes.subarray(length);
    }
  }

  /** The first chunk, which is made to hold that many bytes of those received. */
  #atLeast(bytes: number): Buffer {
    const [first] = this.#chunks;
    if (first && first.length >= bytes) return first;
    const merged = Buffer.concat(this.#chunks);
    this.#chunks = [merged];
    return merged;
  }

  async #work(): Promise<void> {
    try {
      for (let message = this.#messages.shift(); message; message = this.#messages.shift()) await this.#answer(message);
    } finally {
      this.#working = undefined;
    }
  }

  async #answer(message: Message): Promise<void> {
    const reply = await runCommand(this.#engine, message, () => commandOf(message), this.#id);
    if (message.silent || this.#socket.destroyed) return;
    this.#socket.cork();
    for (const part of frameReply(message, nextReply, reply)) this.#socket.write(part);
    this.#socket.uncork();
    nextReply = (nextReply + 1) | 0;
  }
}
