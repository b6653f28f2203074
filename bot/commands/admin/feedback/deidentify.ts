import type { Feedback } from '../../../../models/feedback.ts';
import { deriveId } from '../../../../models/ids.ts';
import type { Answer, Coding } from '../../../../models/vocabulary.ts';

/** A feedback item as it leaves: nothing in it leads back to a person, a conversation or a message. */
export interface ExportedItem {
  /** The same item has the same id in every export; it names nothing inside the service. */
  id: string;
  received: string;
  status: Feedback['status'];
  source: string;
  origin: string;
  language: string | null;
  script: string | null;
  pathway: string;
  service: {
    id: string | null;
    name: string;
    kind: string | null;
    locality: string | null;
    commissioner: string | null;
  } | null;
  stages: string[];
  rating: number | null;
  story: string | null;
  /** Why free text is missing. */
  withheld: 'safeguarding' | null;
  followUp: boolean | null;
  answers: Record<string, ExportedAnswer>;
  codings: ExportedCoding[];
}

/** What was answered; skipped, not said and unclear stay apart, and not asked is absent. */
export type ExportedAnswer = { kind: Answer['kind'] } & ({ values: string[] } | { text: string | null } | object);

export type ExportedCoding = Pick<Coding, 'scheme' | 'schemeVersion' | 'code' | 'sentiment' | 'origin'> & {
  confidence: number | null;
  judged: 'confirmed' | 'rejected' | null;
};

/** @param withhold leave out everything in the resident's own words. */
export function deidentify(item: Feedback, withhold: boolean): ExportedItem {
  return {
    id: deriveId('export', item._id),
    received: item.receivedAt.toISOString(),
    status: item.status,
    source: item.source,
    origin: item.origin,
    language: item.language ?? null,
    script: item.script ?? null,
    pathway: `${item.pathway.id} v${item.pathway.version}`,
    service: serviceOf(item),
    stages: item.stages,
    rating: item.rating ?? null,
    story: withhold ? null : (item.story?.text ?? null),
    withheld: withhold ? 'safeguarding' : null,
    followUp: item.consents.followUp ?? null,
    answers: Object.fromEntries(
      Object.entries(item.answers)
        .filter(([question]) => question !== 'story')
        .map(([question, answer]) => [question, exportedAnswer(answer, withhold)]),
    ),
    codings: item.codings.map(exportedCoding),
  };
}

function serviceOf({ service }: Feedback): ExportedItem['service'] {
  if (!service) return null;
  const { id = null, name, kind = null, locality = null, commissioner = null } = service;
  return { id, name, kind, locality, commissioner };
}

function exportedAnswer(answer: Answer, withhold: boolean): ExportedAnswer {
  const { kind } = answer;
  switch (kind) {
    case 'text':
    case 'unclear':
      return { kind, text: withhold ? null : answer.text };
    case 'choices':
      return { kind, values: answer.values };
    case 'service':
      return { kind, text: answer.name };
    case 'skipped':
    case 'rather-not-say':
      return { kind };
  }
}

/** Without who judged and without the words a suggestion rests on: those are the resident's. */
function exportedCoding({ scheme, schemeVersion, code, sentiment, origin, ...rest }: Coding): ExportedCoding {
  const judged = rest.confirmed === true ? 'confirmed' : rest.rejected === true ? 'rejected' : null;
  return { scheme, schemeVersion, code, sentiment, origin, confidence: rest.confidence ?? null, judged };
}
