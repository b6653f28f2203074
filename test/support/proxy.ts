import { connect, createServer, type AddressInfo, type NetConnectOpts, type Socket } from 'node:net';

/** A wire between the service and its database that can be cut, frozen and mended. */
export interface Proxy {
  /** A MongoDB connection string that leads through here. */
  uri: string;
  /** Connections end, new ones are refused. */
  cut(): Promise<void>;
  /** Connections stand, and nothing passes any more. */
  freeze(): void;
  /** Everything passes again; what was frozen comes through late. */
  mend(): Promise<void>;
  stop(): Promise<void>;
}

export async function startProxy(databaseUri: string): Promise<Proxy> {
  const sockets = new Set<Socket>();
  let frozen = false;
  const server = createServer((near) => {
    const far = connect(targetOf(databaseUri));
    join(near, far);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      if (frozen) socket.pause();
    }
  });
  const listen = (port: number): Promise<void> =>
    new Promise((resolve) =>
      server.listen(port, '127.0.0.1', () => {
        resolve();
      }),
    );
  const close = (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) =>
      server.close(() => {
        resolve();
      }),
    );
  };
  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    uri: `mongodb://127.0.0.1:${port}/?directConnection=true`,
    cut: close,
    freeze() {
      frozen = true;
      for (const socket of sockets) socket.pause();
    },
    async mend() {
      frozen = false;
      for (const socket of sockets) socket.resume();
      if (!server.listening) await listen(port);
    },
    stop: async () => {
      if (server.listening) await close();
    },
  };
}

function join(one: Socket, other: Socket): void {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    from.on('data', (chunk) => to.write(chunk));
    from.on('close', () => to.destroy());
    from.on('error', () => to.destroy());
  }
}

/** Host and port, or the socket's path, of a connection string with one server. */
function targetOf(uri: string): NetConnectOpts {
  const place = decodeURIComponent(/^mongodb:\/\/([^/?]+)/.exec(uri)?.[1] ?? '');
  if (place.startsWith('/')) return { path: place };
  const [host = '127.0.0.1', port = '27017'] = place.split(':');
  return { host, port: Number(port) };
}
