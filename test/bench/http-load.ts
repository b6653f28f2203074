import { Agent, request } from 'node:http';

/** One request of a load, made ready before the clock starts. */
export interface Shot {
  path: string;
  headers: Record<string, string>;
  body: string;
}

/** Sends every shot to `origin`, `concurrency` at a time over kept connections. Returns requests per second and the statuses seen. */
export async function fire(
  origin: string,
  shots: readonly Shot[],
  concurrency: number,
): Promise<{ perSecond: number; statuses: Record<number, number> }> {
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
  const statuses: Record<number, number> = {};
  let next = 0;
  const started = performance.now();
  const lane = async (): Promise<void> => {
    for (let shot = shots[next++]; shot; shot = shots[next++]) {
      const status = await post(agent, origin, shot);
      statuses[status] = (statuses[status] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
  const seconds = (performance.now() - started) / 1000;
  agent.destroy();
  return { perSecond: shots.length / seconds, statuses };
}

function post(agent: Agent, origin: string, shot: Shot): Promise<number> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        agent,
        hostname,
        port,
        path: shot.path,
        method: 'POST',
        headers: { ...shot.headers, 'content-length': Buffer.byteLength(shot.body) },
      },
      (response) => {
        response.resume();
        response.on('end', () => {
          resolve(response.statusCode ?? 0);
        });
      },
    );
    sent.on('error', reject);
    sent.end(shot.body);
  });
}
