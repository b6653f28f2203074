import { findCode, findFrame } from '../../../../coding/frames.ts';
import type { Feedback } from '../../../../models/feedback.ts';
import type { Coding } from '../../../../models/vocabulary.ts';
import { scan, type Check } from './check.ts';

const FIELDS = ['reference', 'status', 'answers', 'codings', 'rating', 'receivedAt', 'pathway'] as const;
const STATUSES: readonly string[] = ['open', 'complete', 'partial', 'handed-over'];

/** What a complete experience has an answer to, be it "skipped" (spec: intake.md). */
const ASKED_OF_ALL = ['service', 'stages', 'rating'];

/** What reports are made of is readable. */
export const feedbackContent: Check = {
  name: 'feedback-content',
  promise: 'feedback has a reference of its own, codes that a frame knows, and is complete when it says so',
  async *run(context) {
    const references = new Map<string, string>();
    for await (const item of scan<Feedback>(context, 'feedback', {}, FIELDS)) {
      const id = `feedback/${item._id}`;
      const first = references.get(item.reference);
      if (first !== undefined) yield { id, what: `has the same reference as feedback/${first}` };
      references.set(item.reference, item._id);
      for (const what of [...wrong(item), ...unknownCodes(item.codings)]) yield { id, what };
    }
  },
};

const RULES: readonly [broken: (item: Partial<Feedback>) => boolean, what: string][] = [
  [({ reference = '' }) => !/^TH-[0-9A-Z]{4}-[0-9A-Z]{4}$/.test(reference), 'has no reference that could be quoted'],
  [({ status = '' }) => !STATUSES.includes(status), 'is in no state that exists'],
  [({ pathway }) => !pathway, 'does not say which questions it answers'],
  [({ receivedAt }) => !(receivedAt instanceof Date), 'does not say when it was received'],
  [({ rating }) => rating !== undefined && ![1, 2, 3, 4, 5].includes(rating), 'has a rating outside 1 to 5'],
];

function wrong(item: Partial<Feedback>): string[] {
  const problems = RULES.filter(([broken]) => broken(item)).map(([, what]) => what);
  return item.status === 'complete' ? [...problems, ...unanswered(item)] : problems;
}

function unanswered({ answers }: Partial<Feedback>): string[] {
  const missing = ASKED_OF_ALL.filter((question) => answers?.[question] === undefined);
  return missing.length === 0 ? [] : [`is complete without an answer to ${missing.join(', ')}`];
}

function unknownCodes(codings: readonly Coding[] | undefined = []): string[] {
  return codings.flatMap(({ scheme, schemeVersion, code }) => {
    if (!findFrame(scheme, schemeVersion)) return [`is coded under ${scheme} v${schemeVersion}, which does not exist`];
    return findCode(scheme, code, schemeVersion)
      ? []
      : [`is coded ${code}, which ${scheme} v${schemeVersion} does not know`];
  });
}
