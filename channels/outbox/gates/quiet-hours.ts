import { PURPOSES } from '../purposes.ts';
import { SEND, type Gate } from './gate.ts';

/** What we start leaves between these hours, London time. */
const FROM_HOUR = 8;
const UNTIL_HOUR = 21;

const HOUR_MS = 3_600_000;

const london = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/London',
  hourCycle: 'h23',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
});

/** Nobody's phone rings at night for something they did not ask for: follow-ups wait for 8 in the morning. */
export const quietHours: Gate = {
  name: 'quiet-hours',
  check({ row, now }) {
    if (!PURPOSES[row.purpose].proactive) return SEND;
    const { hour } = londonTime(now);
    return hour >= FROM_HOUR && hour < UNTIL_HOUR ? SEND : { kind: 'later', dueAt: nextMorning(now) };
  },
};

/** The next 8:00 in London after `now`, whatever the clocks do that night (they change at 1:00 UTC). */
function nextMorning(now: Date): Date {
  const { year, month, day, hour } = londonTime(now);
  const asUtc = new Date(Date.UTC(year, month - 1, day + (hour >= FROM_HOUR ? 1 : 0), FROM_HOUR));
  const ahead = londonTime(asUtc).hour - FROM_HOUR;
  return new Date(asUtc.getTime() - ahead * HOUR_MS);
}

function londonTime(at: Date): { year: number; month: number; day: number; hour: number } {
  const parts = new Map(london.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const get = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0;
  return { year: get('year'), month: get('month'), day: get('day'), hour: get('hour') };
}
