import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { issuesOfFrameworkLabel } from '../../coding/crosswalk.ts';
import { suggestCodings } from '../../coding/suggest.ts';
import { z } from 'zod';
import type { Coding } from '../../models/vocabulary.ts';

type Sentiment = Coding['sentiment'];

/** One hand-coded comment, its codes as sets of issues: each set is one label, the issues it may stand for, closest first. */
export interface CodedComment {
  text: string;
  language: string;
  taxonomy: string;
  labels: (readonly string[])[];
  sentiment?: Sentiment;
  heldBack: boolean;
}

/** A comment with what the first method suggests for it from the text alone. */
export interface Measured extends CodedComment {
  suggested: Omit<Coding, 'at'>[];
  overall: Sentiment;
}

const publishedSchema = z.object({
  text: z.string(),
  labels: z.array(z.string()),
  taxonomy: z.enum(['qdc-v6', 'qdc-phase1']),
  sentiment: z.number().nullish(), // v6: 1 very positive .. 5 very negative
  criticality: z.number().nullish(), // phase 1: -5 highly critical .. 5 highly positive
});

const ownSchema = z.object({
  text: z.string(),
  language: z.string(),
  issues: z.array(z.string()),
  sentiment: z.enum(['positive', 'negative', 'neutral']).optional(),
  written: z.enum(['before-freeze', 'after-freeze']),
});

const FRAMEWORK_VERSION = { 'qdc-v6': 6, 'qdc-phase1': 1 } as const;

/**
 * Whether a comment belongs to the third that nobody looks at while tuning: by SHA-256 of its letters and digits, so that
 * comments that differ only in case or punctuation fall on the same side.
 */
export function isHeldBack(text: string): boolean {
  const plain = text
    .toLowerCase()
    .normalize('NFKC')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  return createHash('sha256').update(plain).digest().readUInt32BE(0) % 3 === 0;
}

const side = (value: number, neutral: number): Sentiment =>
  value === neutral ? 'neutral' : value > neutral ? 'positive' : 'negative';

function sentimentOf(row: z.infer<typeof publishedSchema>): Sentiment | undefined {
  if (typeof row.sentiment === 'number') return side(-row.sentiment, -3);
  // In phase 1 a 0 was given to comments nobody rated, praise among them: it is no judgement.
  return typeof row.criticality === 'number' && row.criticality !== 0 ? side(row.criticality, 0) : undefined;
}

function publishedComment(row: z.infer<typeof publishedSchema>): CodedComment {
  const version = FRAMEWORK_VERSION[row.taxonomy];
  const sentiment = sentimentOf(row);
  return {
    text: row.text,
    language: 'eng',
    taxonomy: row.taxonomy,
    labels: row.labels
      .map((label) => issuesOfFrameworkLabel(label, version) ?? [])
      .filter((issues) => issues.length > 0),
    heldBack: isHeldBack(row.text),
    ...(sentiment && { sentiment }),
  };
}

function parseLine(line: string): CodedComment {
  const row: unknown = JSON.parse(line);
  const published = publishedSchema.safeParse(row);
  if (published.success) return publishedComment(published.data);
  const own = ownSchema.parse(row);
  return {
    text: own.text,
    language: own.language,
    taxonomy: 'issues',
    labels: own.issues.map((issue) => [issue]),
    heldBack: own.written === 'after-freeze',
    ...(own.sentiment && { sentiment: own.sentiment }),
  };
}

/**
 * Reads a file of coded comments: the published ones (`{text, labels, taxonomy, sentiment | criticality}`) or our own stories
 * (`{text, language, issues, sentiment, written}`), one JSON object a line. Comments without a label that has a counterpart
 * among the issues are left out.
 */
export function readComments(path: string): CodedComment[] {
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '');
  return lines.map(parseLine).filter((comment) => comment.labels.length > 0);
}

/** The sentiment of the whole by its suggested issues, each as heavy as it is sure. */
function overallOf(suggested: readonly Omit<Coding, 'at'>[]): Sentiment {
  const sum = suggested
    .filter((row) => row.scheme === 'issues')
    .reduce((total, row) => {
      const value = row.sentiment === 'positive' ? 1 : row.sentiment === 'negative' ? -1 : 0;
      return total + value * (row.confidence ?? 0);
    }, 0);
  return side(Math.sign(Math.round(sum * 1000)), 0);
}

/** Suggests codes for a comment by its text alone: no rating, no stages. */
export function measure(comment: CodedComment): Measured {
  const suggested = suggestCodings({ texts: [comment.text], language: comment.language, stages: [] });
  return { ...comment, suggested, overall: overallOf(suggested) };
}
