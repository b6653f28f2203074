import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Listens, and resolves the URL. Rejects with what to do when the port is taken. */
export function listen(server: Server, port: number, host: string): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const inUse = error.code === 'EADDRINUSE';
      reject(
        inUse ? new Error(`Port ${port} on ${host} is in use: stop what listens there or set PORT to another.`) : error,
      );
    });
    server.listen(port, host, () => {
      resolve(`http://${host}:${(server.address() as AddressInfo).port}`);
    });
  });
}

/** How long a connection may outlive the order to stop (ms): longer than any webhook is worked on. */
const CLOSE_WITHIN_MS = 8000;

/**
 * Answers what is under way, takes nothing new. A connection that is kept alive ends with its next answer: left open, a client
 * that always has something to say would keep the service from ever stopping.
 */
export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const late = setTimeout(() => {
      server.closeAllConnections();
    }, CLOSE_WITHIN_MS);
    server.prependListener('request', (_request, response: ServerResponse) => {
      response.setHeader('connection', 'close');
    });
    server.close(() => {
      clearTimeout(late);
      resolve();
    });
    server.closeIdleConnections();
  });
}
