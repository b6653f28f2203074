/** GSM 03.38 default alphabet and its extension table, whose characters cost two. Source: 3GPP TS 23.038 §6.2.1. */
const BASIC = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
const EXTENDED = new Set('\f^{}\\[~]|€');

/** Typography that looks the same in GSM-7 and would double the price of the whole message. */
const PLAIN: readonly [RegExp, string][] = [
  [/[‘’‚‛′]/g, "'"],
  [/[“”„‟″«»]/g, '"'],
  [/[‐‑‒–—―−]/g, '-'],
  [/…/g, '...'],
  [/[\u00a0\u2000-\u200a\u202f]/g, ' '],
  [/\t/g, ' '],
  [/•/g, '-'],
];

/** Septets of a text in GSM-7; null when it needs UCS-2. */
function septets(text: string): number | null {
  let count = 0;
  for (const character of text) {
    if (BASIC.has(character)) count += 1;
    else if (EXTENDED.has(character)) count += 2;
    else return null;
  }
  return count;
}

/** How many SMS segments a text costs: GSM-7 160 then 153 each, UCS-2 70 then 67 each (spec: channels.md). */
export function segmentsOf(text: string): number {
  const gsm = septets(text);
  const [size, single, joined] = gsm === null ? [text.length, 70, 67] : [gsm, 160, 153];
  return size <= single ? 1 : Math.ceil(size / joined);
}

/** The text with plain quotes, dashes and spaces, if that makes it GSM-7; else untouched. */
export function plainIfCheaper(text: string): string {
  const plain = PLAIN.reduce((done, [pattern, replacement]) => done.replace(pattern, replacement), text);
  return septets(plain) === null ? text : plain;
}
