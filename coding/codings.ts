import type { Coding } from '../models/vocabulary.ts';
import { activeCodes, findFrame } from './frames.ts';

/** Two judgements are about the same thing when scheme and code agree, whatever the version. */
const subject = (coding: Pick<Coding, 'scheme' | 'code'>): string => `${coding.scheme}\u0000${coding.code}`;

const isStanding = (coding: Coding): boolean =>
  coding.origin !== 'suggested' || coding.confirmed === true || coding.rejected === true;

const sameChoice = (a: Omit<Coding, 'at'>, b: Omit<Coding, 'at'>): boolean =>
  a.origin === 'resident' && b.origin === 'resident' && subject(a) === subject(b) && a.sentiment === b.sentiment;

/** Whether what is stored leaves no room for a derived row: already judged by a person, or told by the resident. */
function isSettled(row: Omit<Coding, 'at'>, standing: readonly Coding[]): boolean {
  if (row.origin === 'suggested') return standing.some((kept) => subject(kept) === subject(row));
  if (row.origin === 'resident') return standing.some((kept) => sameChoice(kept, row));
  return false;
}

/**
 * Puts newly derived judgements beside the stored ones (spec: coding.md). Pure; the arrays given are left as they are.
 * - What the resident chose and what a coder judged is never changed or dropped; a choice told again is not doubled.
 * - A suggestion nobody has judged gives way to the new suggestions; a confirmed or rejected one stays and is not suggested again.
 * - A suggestion that is derived anew unchanged keeps the time of its first derivation, so that doing it twice changes nothing.
 * @param at when the derived judgements were made
 * @returns all rows, newest first; rows of the same time keep their order, derived before stored
 */
export function mergeCodings(stored: readonly Coding[], derived: readonly Omit<Coding, 'at'>[], at: Date): Coding[] {
  const standing = stored.filter(isStanding);
  const open = stored.filter((row) => !isStanding(row));
  const fresh: Coding[] = [];
  const taken = new Set<string>();
  for (const row of derived) {
    const key = `${row.origin}\u0000${subject(row)}\u0000${row.origin === 'coder' ? (row.by ?? '') : ''}`;
    if (taken.has(key) || isSettled(row, standing)) continue;
    taken.add(key);
    const unchanged = open.find((old) => row.origin === 'suggested' && sameJudgement(old, row));
    fresh.push(unchanged ?? { ...row, at });
  }
  return [...fresh, ...standing].toSorted((a, b) => b.at.getTime() - a.at.getTime());
}

function sameJudgement(a: Omit<Coding, 'at'>, b: Omit<Coding, 'at'>): boolean {
  return (
    subject(a) === subject(b) &&
    a.schemeVersion === b.schemeVersion &&
    a.sentiment === b.sentiment &&
    a.confidence === b.confidence &&
    (a.because ?? []).join('\u0000') === (b.because ?? []).join('\u0000')
  );
}

/**
 * The sentiment a resident's overall rating stands for.
 * @param rating 1 (very poor) .. 5 (very good); undefined where none was given
 */
export function ratingSentiment(rating: number | undefined): Coding['sentiment'] | undefined {
  if (rating === undefined || !Number.isFinite(rating)) return undefined;
  if (rating <= 2) return 'negative';
  return rating >= 4 ? 'positive' : 'neutral';
}

/**
 * The stages a resident chose, as rows with origin `resident`; unknown stages are left out, each stage comes once.
 * @param stages codes of `care-pathway`
 */
export function residentStages(stages: readonly string[], rating?: number): Omit<Coding, 'at'>[] {
  const known = new Set(activeCodes('care-pathway').map((code) => code.code));
  const schemeVersion = findFrame('care-pathway')?.version ?? 1;
  return [...new Set(stages)]
    .filter((code) => known.has(code))
    .map((code) => ({
      scheme: 'care-pathway',
      schemeVersion,
      code,
      sentiment: ratingSentiment(rating) ?? 'neutral',
      origin: 'resident',
    }));
}
