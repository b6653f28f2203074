/** No piece is longer than this in UTF-16 units: Twilio takes 1,600 (error 21617), we stay under 1,500 (spec). */
export const MAX_PIECE = 1500;

const BREAKS = [/\n\s*\n/g, /\n/g, /(?<=[.!?؟।॥。！？۔…])\s+/gu, /\s+/g];

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/**
 * Splits a text into pieces that `fits` accepts, at the last paragraph, line, sentence or word of each where that leaves at
 * least half of it, else between graphemes. Nothing but white space at a cut is lost. `fits` must accept every prefix of what
 * it accepts, and any single character.
 */
export function splitText(text: string, fits: (piece: string) => boolean): string[] {
  const pieces: string[] = [];
  let rest = text.trim();
  while (rest !== '' && !(rest.length <= MAX_PIECE && fits(rest))) {
    const cut = cutBefore(rest, longestPrefix(rest, fits));
    pieces.push(rest.slice(0, cut).trimEnd());
    rest = rest.slice(cut).trimStart();
  }
  if (rest !== '') pieces.push(rest);
  return pieces;
}

/** Cuts a text to at most `max` UTF-16 units between graphemes, with an ellipsis when something went. */
export function cutText(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, graphemeBefore(text, max - 1)).trimEnd()}…`;
}

function longestPrefix(text: string, fits: (piece: string) => boolean): number {
  let low = 1;
  let high = Math.min(text.length, MAX_PIECE);
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(text.slice(0, middle))) low = middle;
    else high = middle - 1;
  }
  return low;
}

function cutBefore(text: string, end: number): number {
  // One more character: a break right behind the longest prefix is a good place to cut.
  const head = text.slice(0, end + 1);
  for (const pattern of BREAKS) {
    const last = lastBreak(head, pattern, end);
    if (last >= end / 2) return last;
  }
  return graphemeBefore(text, end);
}

function lastBreak(head: string, pattern: RegExp, end: number): number {
  let last = -1;
  for (const match of head.matchAll(pattern)) if (match.index <= end) last = match.index;
  return last;
}

/** The last boundary between graphemes at or before `end`; inside a grapheme longer than all that, between code points. */
function graphemeBefore(text: string, end: number): number {
  if (end >= text.length) return text.length;
  const start = Math.max(0, end - 128);
  const inside = graphemes.segment(text.slice(start, end + 128)).containing(end - start);
  const boundary = start + (inside?.index ?? end - start);
  if (boundary > 0 && boundary > start) return boundary;
  const unit = text.charCodeAt(end);
  const splitsPair = unit >= 0xdc00 && unit <= 0xdfff && end > 1;
  return Math.max(1, splitsPair ? end - 1 : end);
}
