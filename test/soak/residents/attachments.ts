import { crc32, deflateSync } from 'node:zlib';
import type { Random } from '../random.ts';

/** Something a resident attaches, and what must become of it. */
export interface Attachment {
  /** As the provider says it is. */
  declared: string;
  body: Buffer;
  ends: 'stored' | 'quarantined';
}

/** A photo, a voice note, or (rarely) a page that calls itself a photo. */
export function drawAttachment(random: Random): Attachment {
  const draw = random();
  if (draw < 0.6) return { declared: 'image/png', body: photo(random), ends: 'stored' };
  if (draw < 0.9) return { declared: 'audio/ogg', body: voiceNote(random), ends: 'stored' };
  return {
    declared: 'image/jpeg',
    body: Buffer.from('<!doctype html><title>not a photo</title>'),
    ends: 'quarantined',
  };
}

/** A grey PNG of random noise; some are larger than one chunk of the file store (255 kB). */
function photo(random: Random): Buffer {
  const side = random.chance(0.2) ? 640 : 16 + random.below(100);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header[8] = 8; // bits a pixel; colour type 0, grey
  const lines = Buffer.alloc(side * (side + 1));
  for (let i = 0; i < lines.length; i++) lines[i] = i % (side + 1) === 0 ? 0 : random.below(256);
  const pixels = deflateSync(lines, { level: 1 });
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))]);
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(named), 4);
  return Buffer.concat([ends.subarray(0, 4), named, ends.subarray(4)]);
}

/** The first page of an Ogg stream with an Opus header, and noise for sound. */
function voiceNote(random: Random): Buffer {
  const opus = Buffer.concat([Buffer.from('OpusHead', 'latin1'), Buffer.from([1, 1, 0, 0, 0x80, 0xbb, 0, 0, 0, 0, 0])]);
  const page = Buffer.alloc(28);
  page.write('OggS', 0, 'latin1');
  page[5] = 2; // begins a stream
  page[26] = 1;
  page[27] = opus.length;
  const sound = Buffer.from(Array.from({ length: 200 + random.below(4000) }, () => random.below(256)));
  return Buffer.concat([page, opus, sound]);
}
