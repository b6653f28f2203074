/** What a file saved by a spreadsheet says, whichever way it was saved. */
export interface DecodedText {
  text: string;
  encoding: 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';
}

/**
 * Decodes a text file: by its byte order mark; else UTF-16 when every other byte of its beginning is zero ("Unicode text"
 * of older spreadsheets); else UTF-8 when it is valid as such; else Windows-1252, which Excel's plain "CSV" is in Britain.
 * Line ends come out as `\n`. Throws when a mark promises what the bytes do not keep.
 */
export function decodeText(bytes: Uint8Array): DecodedText {
  const encoding = encodingOf(bytes);
  const text = encoding === 'windows-1252' ? fromWindows1252(bytes) : decodeFatally(bytes, encoding);
  return { text: text.replace(/\r\n?/g, '\n'), encoding };
}

/** Byte order marks. */
const MARKS = [
  ['efbbbf', 'utf-8'],
  ['fffe', 'utf-16le'],
  ['feff', 'utf-16be'],
] as const;

function encodingOf(bytes: Uint8Array): DecodedText['encoding'] {
  const begins = Buffer.from(bytes.subarray(0, 3)).toString('hex');
  const marked = MARKS.find(([mark]) => begins.startsWith(mark));
  if (marked) return marked[1];
  if (zeros(bytes, 1) > 0.8) return 'utf-16le';
  if (zeros(bytes, 0) > 0.8) return 'utf-16be';
  return isUtf8(bytes) ? 'utf-8' : 'windows-1252';
}

/** The share of zero bytes among every other byte of the beginning, from `offset`. */
function zeros(bytes: Uint8Array, offset: 0 | 1): number {
  const places = bytes.subarray(0, 200).filter((_, i) => i % 2 === offset);
  return places.length === 0 ? 0 : places.filter((byte) => byte === 0).length / places.length;
}

/** What Windows-1252 has at 0x80 to 0x9F; the rest is Latin-1. Node's own decoder gives control characters there. */
const WINDOWS_1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008DŽ\u008F\u0090‘’“”•–—˜™š›œ\u009DžŸ';

function fromWindows1252(bytes: Uint8Array): string {
  const latin1 = Buffer.from(bytes).toString('latin1');
  return latin1.replace(/[\u0080-\u009F]/g, (control) => WINDOWS_1252.charAt(control.charCodeAt(0) - 0x80));
}

function decodeFatally(bytes: Uint8Array, encoding: string): string {
  return new TextDecoder(encoding, { fatal: true }).decode(bytes);
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    decodeFatally(bytes, 'utf-8');
    return true;
  } catch {
    return false;
  }
}
