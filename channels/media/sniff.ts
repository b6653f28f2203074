import { fileTypeFromBuffer } from 'file-type';
import type { MediaKind } from '../../models/vocabulary.ts';

/** How much of a file's beginning, and of its end, is looked at. */
export const HEAD_BYTES = 64 * 1024;
export const TAIL_BYTES = 64 * 1024 + 22;

/** What staff may be shown, by sniffed type; everything else is quarantined. */
const ALLOWED = new Map<string, MediaKind>([
  ['image/jpeg', 'image'],
  ['image/png', 'image'],
  ['image/apng', 'image'],
  ['image/webp', 'image'],
  ['image/heic', 'image'],
  ['image/heif', 'image'],
  ['image/gif', 'image'],
  ['audio/ogg', 'voice'],
  ['audio/opus', 'voice'],
  ['audio/mpeg', 'voice'],
  ['audio/mp4', 'voice'],
  ['audio/x-m4a', 'voice'],
  ['audio/amr', 'voice'],
  ['audio/wav', 'voice'],
  ['audio/aac', 'voice'],
  ['video/mp4', 'video'],
  ['video/3gpp', 'video'],
  ['video/3gpp2', 'video'],
  ['application/pdf', 'document'],
  ['text/vcard', 'contact'],
]);

/** Containers that hold sound alone as well as pictures: their bytes cannot tell which was meant. */
const EITHER = new Set(['video/mp4', 'video/3gpp', 'video/3gpp2', 'audio/mp4', 'audio/x-m4a']);

/** What a browser would run if it were served such a file as a page. */
const ACTIVE = /<\s*(?:script|html|svg|iframe|object|embed|!doctype)|<\?(?:php|xml\s)|<%@/i;
const ZIP_END = Buffer.from('PK\u0005\u0006', 'latin1');
const PDF_START = Buffer.from('%PDF-', 'latin1');

export interface Verdict {
  safe: boolean;
  /** What the bytes say they are; `''` when nothing known. */
  type: string;
}

/**
 * Judges a file by its beginning and its end against what was declared. Safe means: of an allowed type, of the declared family
 * (or nothing in particular was declared), and no second kind of file hidden in it.
 */
export async function sniff(head: Buffer, tail: Buffer, declared: MediaKind): Promise<Verdict> {
  const type = await typeOf(head);
  const kind = ALLOWED.get(type);
  const safe = kind !== undefined && agrees(declared, kind, type) && !isPolyglot(head, tail, type);
  return { safe, type };
}

async function typeOf(head: Buffer): Promise<string> {
  const found = await fileTypeFromBuffer(head).catch(() => undefined);
  if (found === undefined || found.mime === ('application/octet-stream' as string)) {
    // An ID3 tag with a cover picture is longer than the head; the sound comes after it.
    return head.subarray(0, 3).toString('latin1') === 'ID3' ? 'audio/mpeg' : '';
  }
  return (found.mime.split(';', 1)[0] ?? '').trim().toLowerCase();
}

function agrees(declared: MediaKind, sniffed: MediaKind, type: string): boolean {
  if (declared === 'other' || declared === sniffed) return true;
  return EITHER.has(type) && (declared === 'voice' || declared === 'video');
}

function isPolyglot(head: Buffer, tail: Buffer, type: string): boolean {
  if (tail.includes(ZIP_END)) return true;
  if (type !== 'application/pdf' && head.subarray(0, 1024).includes(PDF_START)) return true;
  // A PDF's metadata is XML by right; a page inside one is never served as a page.
  if (type === 'application/pdf') return false;
  return ACTIVE.test(head.toString('latin1')) || ACTIVE.test(tail.toString('latin1'));
}
