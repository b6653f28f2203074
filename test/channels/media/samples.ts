/** The smallest beginnings by which each type is known. No file here is anyone's. */
const ascii = (text: string): Buffer => Buffer.from(text, 'latin1');
const padded = (head: Buffer, size = 2048): Buffer =>
  Buffer.concat([head, Buffer.alloc(Math.max(0, size - head.length), 7)]);
const box = (brand: string): Buffer =>
  padded(Buffer.concat([Buffer.from([0, 0, 0, 24]), ascii(`ftyp${brand}`), Buffer.alloc(12)]));

export const PNG = Buffer.concat([
  Buffer.from('89504e470d0a1a0a', 'hex'),
  Buffer.from('0000000d49484452000000010000000108060000001f15c489', 'hex'),
  Buffer.from('0000000049444154', 'hex'),
  Buffer.alloc(200),
]);
export const JPEG = padded(Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex'));
export const WEBP = padded(Buffer.concat([ascii('RIFF'), Buffer.alloc(4, 1), ascii('WEBPVP8 ')]));
export const GIF = padded(ascii('GIF89a'));
export const HEIC = box('heic');
export const MP4 = box('isom');
export const M4A = box('M4A ');
export const THREE_GP = box('3gp4');
export const AMR = padded(ascii('#!AMR\n'));
export const WAV = padded(Buffer.concat([ascii('RIFF'), Buffer.alloc(4, 1), ascii('WAVEfmt ')]));
export const OPUS = padded(Buffer.concat([ascii('OggS'), Buffer.alloc(24), ascii('OpusHead')]));
export const MP3_WITH_COVER = padded(Buffer.concat([ascii('ID3'), Buffer.from([3, 0, 0, 0, 0x0f, 0x7f, 0x7f])]), 3000);
export const PDF = padded(ascii('%PDF-1.7\n<?xml version="1.0"?>'));
export const VCARD = ascii('BEGIN:VCARD\nVERSION:3.0\nFN:Invented Person\nEND:VCARD\n');
export const SVG = ascii('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
export const HTML = ascii('<!doctype html><html><body>hi</body></html>');
export const ZIP = padded(ascii('PK\u0003\u0004'));
export const EXE = padded(ascii('MZ'));
export const JPEG_WITH_ZIP = Buffer.concat([JPEG, ascii('PK\u0005\u0006'), Buffer.alloc(18)]);
export const GIF_WITH_SCRIPT = Buffer.concat([GIF, ascii('/*<SCRIPT>alert(1)</SCRIPT>*/')]);
export const PNG_WITH_HTML = Buffer.concat([PNG, ascii('< html>')]);
export const JPEG_WITH_PDF = Buffer.concat([JPEG.subarray(0, 30), ascii('%PDF-1.4'), Buffer.alloc(2000, 1)]);
