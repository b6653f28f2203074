/**
 * Whether two folded words are the same but for typing: one slip (letter missing, added, changed or two swapped) in four to seven
 * letters, two from eight. Shorter words must be equal; four-letter words must begin alike ("good" is not "food").
 */
export function sameButForTypos(a: string, b: string): boolean {
  if (a === b) return true;
  const length = Math.min(a.length, b.length);
  if (length < 4 || (length === 4 && !b.startsWith(a.charAt(0)))) return false;
  return distanceWithin(a, b, length >= 8 ? 2 : 1);
}

/** Optimal string alignment distance (Damerau-Levenshtein without repeated edits), cut off: true when it is at most `limit`. */
export function distanceWithin(a: string, b: string, limit: number): boolean {
  if (Math.abs(a.length - b.length) > limit) return false;
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const line = nextLine(a, b, row, above, before);
    if (Math.min(...line) > limit) return false;
    before = above;
    above = line;
  }
  return (above[b.length] ?? Infinity) <= limit;
}

function nextLine(a: string, b: string, row: number, above: readonly number[], before: readonly number[]): number[] {
  const line = [row];
  for (let column = 1; column <= b.length; column += 1) {
    const cost = a[row - 1] === b[column - 1] ? 0 : 1;
    let best = Math.min(at(above, column) + 1, at(line, column - 1) + 1, at(above, column - 1) + cost);
    const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
    if (swapped) best = Math.min(best, at(before, column - 2) + 1);
    line.push(best);
  }
  return line;
}

function at(line: readonly number[], index: number): number {
  return line[index] ?? Infinity;
}
