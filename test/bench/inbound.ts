import { AUTH_TOKEN, PUBLIC_URL, startDouble, startService, type Place } from './bench-service.ts';
import { startChild } from './child.ts';
import { fire, type Shot } from './http-load.ts';
import { median, type Figure } from './figures.ts';
import { numberOf, signedSms } from './signed.ts';

const CONCURRENCY = 16;
const STORY = 'The nurse was kind but I waited three hours and nobody told us why.';

/** Inbound (verify, screen seam, store, 200) against a bare route that validates and inserts, in turns on one server. */
export async function inboundAgainstBare(
  place: Place,
  requests: number,
  rounds: number,
): Promise<{ figures: Figure[]; barePerSecond: number }> {
  const double = await startDouble();
  const bare = await startChild(
    ['--import', 'tsx', 'test/bench/bare-route.ts', place.uri, `${place.name}-bare`, AUTH_TOKEN, PUBLIC_URL],
    {},
    (line) => `http://127.0.0.1:${(JSON.parse(line) as { port: number }).port}`,
  );
  const ours = await startService(place, double, 'web');
  const shots = (count: number): Shot[] => Array.from({ length: count }, (_, i) => signedSms(numberOf(i % 200), STORY));
  const rates: Record<'bare' | 'ours', number[]> = { bare: [], ours: [] };
  for (let round = -1; round < rounds; round++) {
    for (const [name, origin] of [
      ['bare', bare.ready],
      ['ours', ours.ready],
    ] as const) {
      const { perSecond, statuses } = await fire(origin, shots(round < 0 ? 500 : requests), CONCURRENCY);
      if (Object.keys(statuses).join() !== '200') throw new Error(`${name} answered ${JSON.stringify(statuses)}`);
      if (round >= 0) rates[name].push(perSecond); // the first round warms up
    }
  }
  await Promise.all([bare.stop(), ours.stop(), double.stop()]);
  const ratios = rates.ours.map((rate, i) => rate / (rates.bare[i] ?? 1));
  return {
    barePerSecond: median(rates.bare),
    figures: [
      { what: 'bare Express route', value: median(rates.bare), unit: '/s' },
      { what: 'inbound path', value: median(rates.ours), unit: '/s' },
      { what: 'inbound ÷ bare', value: median(ratios), unit: '×', goal: { atLeast: 0.5 } },
    ],
  };
}
