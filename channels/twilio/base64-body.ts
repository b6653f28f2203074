/** Below this, text that happens to use the base64 alphabet is likelier a word, a postcode or a code. */
const SHORTEST = 60;
const ALPHABET = /^[A-Za-z0-9+/]+={0,2}$/;
const PRINTABLE = /[\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}\n\r\t]/gu;

const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * Undoes the base64 in which a long concatenated SMS sometimes arrives. Text that is not clearly base64 of mostly printable
 * text comes back untouched (spec: channels.md).
 */
export function undoBase64(body: string): string {
  if (body.length < SHORTEST || body.length % 4 !== 0 || !ALPHABET.test(body)) return body;
  try {
    const text = decoder.decode(Buffer.from(body, 'base64'));
    const printable = text.match(PRINTABLE)?.length ?? 0;
    return printable >= Array.from(text).length * 0.9 ? text : body;
  } catch {
    return body;
  }
}
