import express, { type ErrorRequestHandler, type Express, type RequestHandler, type Router } from 'express';
import type { Logger } from 'pino';
import type { Metrics } from './metrics.ts';

/** One thing readiness depends on: resolves null when well, else what is wrong. */
export type Check = () => Promise<string | null>;

export interface ServerParts {
  routes: readonly Router[];
  checks: Readonly<Record<string, Check>>;
  metrics: Metrics;
  log: Logger;
}

/** The HTTP front: operations, then each provider's routes, then plain answers for what is left. */
export function createServer(parts: ServerParts): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.get('/healthz', (_request, response) => {
    response.type('text/plain').send('ok\n');
  });
  app.get('/readyz', readiness(parts.checks));
  app.get('/metrics', async (_request, response) => {
    response.type(parts.metrics.registry.contentType).send(await parts.metrics.registry.metrics());
  });
  for (const router of parts.routes) app.use(router);
  app.use((_request, response) => {
    response.status(404).type('text/plain').send('Not found\n');
  });
  app.use(lastResort(parts.log));
  return app;
}

function readiness(checks: ServerParts['checks']): RequestHandler {
  return async (_request, response) => {
    const results = await Promise.all(
      Object.entries(checks).map(async ([name, check]) => [name, await check()] as const),
    );
    const ready = results.every(([, problem]) => problem === null);
    response
      .status(ready ? 200 : 503)
      .json({ ready, checks: Object.fromEntries(results.map(([name, problem]) => [name, problem ?? 'ok'])) });
  };
}

/** Express's own error page prints what was sent; ours says nothing but that it failed. */
function lastResort(log: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    const status = statusOf(error);
    if (status >= 500) log.error({ err: error, method: request.method }, 'request failed');
    if (response.headersSent) {
      next(error);
      return;
    }
    response
      .status(status)
      .type('text/plain')
      .send(status >= 500 ? 'Something went wrong; please try again\n' : 'Bad request\n');
  };
}

function statusOf(error: unknown): number {
  const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : 500;
  return typeof status === 'number' && status >= 400 && status < 600 ? status : 500;
}
