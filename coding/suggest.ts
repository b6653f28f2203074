import type { Coding } from '../models/vocabulary.ts';
import { confidenceOf } from './calibration.ts';
import { ratingSentiment } from './codings.ts';
import { findFrame } from './frames.ts';
import { lexiconFor } from './lexicons.ts';
import { byCode, readEvidence, scoreOf, type Evidence } from './evidence.ts';
import type { Sentiment } from './lexicon.ts';
import { combineSentiments } from './sentiment.ts';
import type { CodingInput, SuggestCodings } from './suggestion.ts';

type Suggestion = Omit<Coding, 'at'>;

/** How many suggestions of each kind a coder is shown, and how sure they must be. */
const LIMITS = { issue: 5, stage: 3 } as const;
const THRESHOLDS = { issue: 0.3, stage: 0.4 } as const;
const MOST_WORDS = 5;
const GENERAL = { code: 'general-comment', confidence: 0.2 } as const;
const SCHEMES = { issue: 'issues', stage: 'care-pathway' } as const;

function suggestion(evidence: readonly Evidence[], otherwise: Sentiment): Suggestion[] {
  const [first] = evidence;
  if (first === undefined) return [];
  const scheme = SCHEMES[first.kind];
  const confidence = confidenceOf(first.code, scoreOf(evidence));
  if (confidence < THRESHOLDS[first.kind]) return [];
  return [
    {
      scheme,
      schemeVersion: findFrame(scheme)?.version ?? 1,
      code: first.code,
      sentiment: combineSentiments(evidence) ?? otherwise,
      origin: 'suggested',
      confidence,
      because: [...new Set(evidence.map((piece) => piece.written))].slice(0, MOST_WORDS),
    },
  ];
}

function suggestionsOf(kind: 'issue' | 'stage', evidence: readonly Evidence[], otherwise: Sentiment): Suggestion[] {
  const codes = byCode(evidence.filter((piece) => piece.kind === kind));
  return [...codes.values()]
    .flatMap((pieces) => suggestion(pieces, otherwise))
    .toSorted((a, b) => (b.confidence ?? 0) - (a.confidence ?? 0) || a.code.localeCompare(b.code))
    .slice(0, LIMITS[kind]);
}

function generalComment(sentiment: Sentiment): Suggestion {
  return {
    scheme: 'issues',
    schemeVersion: findFrame('issues')?.version ?? 1,
    code: GENERAL.code,
    sentiment,
    origin: 'suggested',
    confidence: GENERAL.confidence,
    because: [],
  };
}

/**
 * Suggests codes for one told experience by the words in it. Pure, deterministic, linear in the length of the texts.
 * - Issues: up to five of which it is sure enough; where there is none, `general-comment` with low confidence, so that every
 *   experience carries an issue.
 * - Stages (`care-pathway`) only where the resident chose none.
 * - Sentiment by clause; where the words do not say, by the overall rating, else by the story as a whole.
 * - `confidence` 0..1 as measured on hand-coded comments (calibration.json); `because` holds the words as written.
 * Languages without a lexicon get the general comment only. Does not throw.
 */
export const suggestCodings: SuggestCodings = (input: CodingInput): Suggestion[] => {
  const lexicon = lexiconFor(input.language);
  const { evidence, overall } = lexicon ? readEvidence(input.texts, lexicon) : { evidence: [], overall: undefined };
  const otherwise = ratingSentiment(input.rating) ?? overall ?? 'neutral';
  const issues = suggestionsOf('issue', evidence, otherwise);
  const stages = input.stages.length > 0 ? [] : suggestionsOf('stage', evidence, otherwise);
  return [...(issues.length > 0 ? issues : [generalComment(otherwise)]), ...stages];
};
