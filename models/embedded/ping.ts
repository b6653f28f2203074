import { connect, type Socket } from 'node:net';
import { serialize } from 'bson';

const pingMs = 2000;

/** Connects to a server's socket and has one ping answered; the connection stays open and counts as a client. Undefined when none answers. */
export function connectAndPing(
  address: { path: string } | { port: number; host: string },
): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(address);
    const fail = (): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(undefined);
    };
    const timer = setTimeout(fail, pingMs);
    socket.once('error', fail);
    socket.once('close', fail);
    socket.once('connect', () => socket.write(pingMessage()));
    socket.once('data', () => {
      clearTimeout(timer);
      socket.off('error', fail);
      socket.off('close', fail);
      socket.on('error', () => socket.destroy());
      resolve(socket);
    });
  });
}

/** OP_MSG with {ping: 1}. */
function pingMessage(): Buffer {
  const body = Buffer.from(serialize({ ping: 1, $db: 'admin' }));
  const header = Buffer.alloc(21);
  header.writeInt32LE(header.length + body.length, 0);
  header.writeInt32LE(1, 4);
  header.writeInt32LE(2013, 12);
  return Buffer.concat([header, body]);
}
