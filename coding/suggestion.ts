import type { Coding, LanguageCode } from '../models/vocabulary.ts';

/** What the first method reads. */
export interface CodingInput {
  /** The story and what would have been better, as written. */
  texts: string[];
  language: LanguageCode;
  /** What the resident chose: overall rating 1 (very poor) .. 5 (very good), and stages. */
  rating?: number;
  stages: string[];
}

/** Signature of coding/suggest.ts `suggestCodings`: pure, deterministic, explains itself by `because`. */
export type SuggestCodings = (input: CodingInput) => Omit<Coding, 'at'>[];
