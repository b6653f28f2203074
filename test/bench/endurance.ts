import { startDouble, startService, type Place } from './bench-service.ts';
import type { Figure } from './figures.ts';
import { INTERVIEW, round } from './turns.ts';

/** Turns of a first batch, after which caches are warm and growth would be a leak. */
const WARM_TURNS = 2000;

/**
 * Whole turns up to the accepted send: their rate against the bare route's, and what the service's memory does over many.
 * @param turns in all; the interview is repeated by 500 residents ("yes" to telling something else begins the next)
 */
export async function endurance(
  place: Place,
  turns: number,
  barePerSecond: number,
  onProgress: (done: number) => void,
): Promise<Figure[]> {
  const double = await startDouble();
  const service = await startService(place, double, 'web,worker');
  const rssAtStart = await service.rss();
  const people = 500;
  let rssWarm = 0;
  let seconds = 0;
  let done = 0;
  while (done < turns) {
    for (const line of done === 0 ? INTERVIEW : ['yes', INTERVIEW[0], ...INTERVIEW.slice(2)]) {
      seconds += await round(service.ready, double, people, line);
      done += people;
      onProgress(done);
      double.ledger.messages.splice(0, double.ledger.messages.length); // the double's memory is not what is measured
      if (rssWarm === 0 && done >= WARM_TURNS) rssWarm = await service.rss();
    }
  }
  const rssAtEnd = await service.rss();
  await service.stop();
  await double.stop();
  const perSecond = done / seconds;
  return [
    { what: 'turns up to the accepted send', value: perSecond, unit: '/s' },
    { what: 'turn ÷ bare route', value: perSecond / barePerSecond, unit: '×', goal: { atLeast: 0.2 } },
    { what: 'RSS after start', value: rssAtStart, unit: 'MB' },
    { what: `RSS after ${WARM_TURNS} turns`, value: rssWarm, unit: 'MB' },
    { what: `RSS after ${done} turns`, value: rssAtEnd, unit: 'MB' },
    { what: 'RSS at the end ÷ when warm', value: rssAtEnd / rssWarm, unit: '×', goal: { atMost: 1.1 } },
  ];
}
