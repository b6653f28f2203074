import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { byCode, readEvidence, scoreOf } from '../../coding/evidence.ts';
import { lexiconFor } from '../../coding/lexicons.ts';
import { readComments, type CodedComment } from './coding-data.ts';

/**
 * Measures how often suggestions of a raw score agree with people, on the part of the comments that may be tuned on, and writes
 * coding/calibration.json. To be run after every change of a lexicon or of the cross-walk:
 *   npx tsx test/bench/calibrate-coding.ts --data FILE.jsonl --out coding/calibration.json
 * Steps: scores in twenty bins, made to rise by pooling adjacent violators. Shifts: for each code that some label names as
 * closest, the log-odds of its own share right against what the steps say, drawn towards none by PRIOR suggestions.
 * Codes the published framework has no label for get no shift: the data cannot tell.
 */

const BINS = 20;
const PRIOR = 15;
const FEWEST_LABELS = 5;
const LARGEST_SHIFT = 0.6; // ambulance comments fill the data; what is rare there must not fall silent elsewhere
const TAXONOMY = 'qdc-v6'; // the one with several labels a comment

interface Trial {
  code: string;
  score: number;
  right: boolean;
}

interface Step {
  score: number;
  right: number;
  trials: number;
}

const logit = (share: number): number => Math.log(share / (1 - share));
const rounded = (value: number): number => Math.round(value * 1000) / 1000;

function trialsOf(comments: readonly CodedComment[]): Trial[] {
  const lexicon = lexiconFor('eng');
  if (lexicon === undefined) throw new Error('there is no English lexicon');
  return comments.flatMap((comment) => {
    const issues = readEvidence([comment.text], lexicon).evidence.filter((piece) => piece.kind === 'issue');
    return [...byCode(issues)].map(([code, pieces]) => ({
      code,
      score: scoreOf(pieces),
      right: comment.labels.some((label) => label.includes(code)),
    }));
  });
}

/** Bins of the score, neighbours pooled until the share right only rises. */
function stepsOf(trials: readonly Trial[]): Step[] {
  const steps: Step[] = [];
  for (let bin = 0; bin < BINS; bin += 1) {
    const inside = trials.filter((trial) => Math.min(BINS - 1, Math.floor(trial.score * BINS + 1e-9)) === bin);
    if (inside.length === 0) continue;
    steps.push({ score: bin / BINS, right: inside.filter((trial) => trial.right).length, trials: inside.length });
    for (let last = steps.at(-1), before = steps.at(-2); last && before; last = steps.at(-1), before = steps.at(-2)) {
      if (last.right / last.trials > before.right / before.trials) break;
      before.right += last.right;
      before.trials += last.trials;
      steps.pop();
    }
  }
  return steps;
}

function expected(steps: readonly Step[], score: number): number {
  const step = steps.findLast((candidate) => score >= candidate.score) ?? steps[0];
  return step === undefined ? 0.5 : step.right / step.trials;
}

function shiftsOf(
  trials: readonly Trial[],
  steps: readonly Step[],
  comments: readonly CodedComment[],
): Record<string, number> {
  const closest = comments.flatMap((comment) => comment.labels.map((label) => label[0]));
  const shifts: Record<string, number> = {};
  for (const code of [...new Set(trials.map((trial) => trial.code))].toSorted()) {
    if (closest.filter((label) => label === code).length < FEWEST_LABELS) continue;
    const own = trials.filter((trial) => trial.code === code);
    const mean = own.reduce((sum, trial) => sum + expected(steps, trial.score), 0) / own.length;
    const right = own.filter((trial) => trial.right).length;
    const shift = logit((right + PRIOR * mean) / (own.length + PRIOR)) - logit(mean);
    shifts[code] = rounded(Math.max(-LARGEST_SHIFT, Math.min(LARGEST_SHIFT, shift)));
  }
  return shifts;
}

function main(): void {
  const { values } = parseArgs({ options: { data: { type: 'string' }, out: { type: 'string' } } });
  if (values.data === undefined || values.out === undefined) {
    process.stderr.write('usage: calibrate-coding.ts --data FILE.jsonl --out FILE.json\n');
    process.exitCode = 2;
    return;
  }
  const comments = readComments(values.data).filter((comment) => comment.taxonomy === TAXONOMY && !comment.heldBack);
  const trials = trialsOf(comments);
  const steps = stepsOf(trials);
  const file = {
    method:
      'Share of suggestions that agreed with hand coding, by raw score (pooled adjacent violators) and code (log-odds).',
    source: `${comments.length} NHS Friends and Family comments, tuning part; The-Strategy-Unit/pxtextmining (MIT licence).`,
    steps: steps.map((step) => ({ score: step.score, confidence: rounded(step.right / step.trials) })),
    shifts: shiftsOf(trials, steps, comments),
  };
  writeFileSync(values.out, `${JSON.stringify(file, null, 2)}\n`);
}

main();
