/**
 * Cuts a stream of bytes into lines at `\n` and nowhere else (node:readline also cuts at U+2028, which may stand in what
 * people write). What follows the last `\n` is a line when it is not empty.
 */
export async function* splitLines(bytes: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let begun: Buffer[] = [];
  for await (const chunk of bytes) {
    let from = 0;
    for (let to = chunk.indexOf(10); to >= 0; to = chunk.indexOf(10, from)) {
      const rest = chunk.subarray(from, to);
      yield (begun.length > 0 ? Buffer.concat([...begun, rest]) : rest).toString('utf8');
      begun = [];
      from = to + 1;
    }
    if (from < chunk.length) begun.push(chunk.subarray(from));
  }
  if (begun.length > 0) yield Buffer.concat(begun).toString('utf8');
}
