import { parseArgs } from 'node:util';
import { measure, readComments, type Measured } from './coding-data.ts';
import { shareText } from './wilson.ts';

/**
 * How well the first method of coding agrees with people: precision, recall and F1 per issue and the agreement on sentiment,
 * apart for the part it was tuned on and the part held back.
 *   npm run evaluate:coding -- --data FILE.jsonl
 * A suggestion is right when one of the comment's labels may stand for it (cross-walk); a label is found when one of the issues
 * it may stand for was suggested. A label counts for the issue closest to it. Intervals are Wilson's, 95 %.
 */

interface Tally {
  suggested: number;
  right: number;
  labels: number;
  found: number;
}

const issuesOf = (comment: Measured): string[] =>
  comment.suggested.filter((row) => row.scheme === 'issues').map((row) => row.code);

function tallyIssues(comments: readonly Measured[]): Map<string, Tally> {
  const tallies = new Map<string, Tally>();
  const of = (code: string): Tally => {
    const tally = tallies.get(code) ?? { suggested: 0, right: 0, labels: 0, found: 0 };
    tallies.set(code, tally);
    return tally;
  };
  for (const comment of comments) {
    const suggested = issuesOf(comment);
    for (const code of suggested) {
      const tally = of(code);
      tally.suggested += 1;
      if (comment.labels.some((label) => label.includes(code))) tally.right += 1;
    }
    for (const label of comment.labels) {
      const tally = of(label[0] ?? '');
      tally.labels += 1;
      if (label.some((code) => suggested.includes(code))) tally.found += 1;
    }
  }
  return tallies;
}

function f1Of({ suggested, right, labels, found }: Tally): string {
  if (suggested === 0 || labels === 0) return '–';
  const [precision, recall] = [right / suggested, found / labels];
  return precision + recall === 0 ? '0.0 %' : `${((200 * precision * recall) / (precision + recall)).toFixed(1)} %`;
}

function row(name: string, tally: Tally): string[] {
  const { suggested, right, labels, found } = tally;
  return [name, `${suggested}`, shareText(right, suggested), `${labels}`, shareText(found, labels), f1Of(tally)];
}

function table(rows: readonly string[][]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0))) ?? [];
  return rows
    .map((cells) =>
      cells
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('  '),
    )
    .join('\n');
}

function sentimentLines(comments: readonly Measured[]): string[] {
  const judged = comments.filter((comment) => comment.sentiment !== undefined);
  const sided = judged.filter((comment) => comment.sentiment !== 'neutral');
  const agreed = (among: readonly Measured[]): number => among.filter((c) => c.overall === c.sentiment).length;
  const opposed = sided.filter((c) => c.overall !== 'neutral' && c.overall !== c.sentiment).length;
  return [
    `sentiment agrees, three ways:          ${shareText(agreed(judged), judged.length)} of ${judged.length}`,
    `sentiment agrees, positive/negative:   ${shareText(agreed(sided), sided.length)} of ${sided.length}`,
    `sentiment opposed (the other side):    ${shareText(opposed, sided.length)}`,
  ];
}

function report(title: string, comments: readonly Measured[]): string {
  const tallies = [...tallyIssues(comments)].toSorted(
    ([, a], [, b]) => b.labels - a.labels || b.suggested - a.suggested,
  );
  const total: Tally = { suggested: 0, right: 0, labels: 0, found: 0 };
  for (const [, tally] of tallies)
    for (const key of ['suggested', 'right', 'labels', 'found'] as const) total[key] += tally[key];
  const head = ['issue', 'suggested', 'precision', 'labels', 'recall', 'F1'];
  const perComment = total.suggested / Math.max(1, comments.length);
  return [
    `\n## ${title}: ${comments.length} comments, ${perComment.toFixed(2)} issues suggested each`,
    table([head, ...tallies.map(([code, tally]) => row(code, tally)), row('ALL', total)]),
    ...sentimentLines(comments),
  ].join('\n');
}

function main(): void {
  const { values } = parseArgs({ options: { data: { type: 'string' } } });
  if (values.data === undefined) {
    process.stderr.write('usage: npm run evaluate:coding -- --data FILE.jsonl\n');
    process.exitCode = 2;
    return;
  }
  const measured = readComments(values.data).map(measure);
  for (const taxonomy of [...new Set(measured.map((comment) => comment.taxonomy))].toSorted()) {
    const own = measured.filter((comment) => comment.taxonomy === taxonomy);
    process.stdout.write(
      `${report(
        `${taxonomy}, tuned on`,
        own.filter((comment) => !comment.heldBack),
      )}\n`,
    );
    process.stdout.write(
      `${report(
        `${taxonomy}, held back`,
        own.filter((comment) => comment.heldBack),
      )}\n`,
    );
  }
}

main();
