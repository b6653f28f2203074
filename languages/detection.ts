import type { LanguageCode } from '../models/vocabulary.ts';

/** Which language a text is in. `language` is `und` when there is no evidence, `other` when it is none we know. */
export interface LanguageGuess {
  language: LanguageCode;
  script: string;
  /** 0..1. Below the caller's threshold: ask. */
  confidence: number;
  candidates: { language: LanguageCode; confidence: number }[];
}
