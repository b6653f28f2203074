import { z } from 'zod';
import file from './calibration.json' with { type: 'json' };

const schema = z.strictObject({
  method: z.string(),
  source: z.string(),
  /** Steps from raw score to the share that was right, rising in both. */
  steps: z.array(z.strictObject({ score: z.number(), confidence: z.number().min(0).max(1) })).min(1),
  /** What a code's suggestions are right more or less often than all: added to the log-odds. */
  shifts: z.record(z.string(), z.number()),
});

const calibration = schema.parse(file);

const logit = (share: number): number => Math.log(share / (1 - share));
const share = (logOdds: number): number => 1 / (1 + Math.exp(-logOdds));
const inside = (value: number): number => Math.min(0.99, Math.max(0.01, value));

/**
 * Turns a raw score into the share of such suggestions that agreed with the hand coding of the development data.
 * @param score 0..1 from the lexicon's weights
 * @returns confidence in 0..1, two decimals
 */
export function confidenceOf(code: string, score: number): number {
  let confidence = calibration.steps[0]?.confidence ?? score;
  for (const step of calibration.steps) if (score >= step.score) confidence = step.confidence;
  const shifted = share(logit(inside(confidence)) + (calibration.shifts[code] ?? 0));
  return Math.round(inside(shifted) * 100) / 100;
}
