import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/**
 * What stands before the service processes as a load balancer does: each connection goes to the next one that is up. When the
 * process dies the connection ends; when none is up it ends at once.
 */
export class Front {
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private readonly ports: () => readonly number[];
  private turn = 0;

  /** @param ports where processes listen at this moment */
  constructor(ports: () => readonly number[]) {
    this.ports = ports;
    this.server = createServer((socket) => {
      this.pass(socket);
    });
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private pass(client: Socket): void {
    const ports = this.ports();
    const port = ports[this.turn++ % Math.max(1, ports.length)];
    this.keep(client);
    if (port === undefined) {
      client.destroy();
      return;
    }
    const service = this.keep(connect(port, '127.0.0.1'));
    client.on('close', () => service.destroy());
    service.on('close', () => client.destroy());
    client.pipe(service).pipe(client);
  }

  private keep(socket: Socket): Socket {
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket));
    socket.on('error', () => undefined); // its closing says all there is to say
    return socket;
  }
}
