import { describe, expect, test } from '@jest/globals';
import { sniff } from '../../../channels/media/sniff.ts';
import type { MediaKind } from '../../../models/vocabulary.ts';
import * as sample from './samples.ts';

describe('judging bytes', () => {
  test.each<[string, Buffer, MediaKind, boolean, string]>([
    ['png', sample.PNG, 'image', true, 'image/png'],
    ['jpeg', sample.JPEG, 'image', true, 'image/jpeg'],
    ['webp', sample.WEBP, 'image', true, 'image/webp'],
    ['gif', sample.GIF, 'image', true, 'image/gif'],
    ['heic', sample.HEIC, 'image', true, 'image/heic'],
    ['voice note', sample.OPUS, 'voice', true, 'audio/ogg'],
    ['m4a', sample.M4A, 'voice', true, 'audio/x-m4a'],
    ['amr', sample.AMR, 'voice', true, 'audio/amr'],
    ['wav', sample.WAV, 'voice', true, 'audio/wav'],
    ['mp3 behind a long cover', sample.MP3_WITH_COVER, 'voice', true, 'audio/mpeg'],
    ['sound in a video container', sample.MP4, 'voice', true, 'video/mp4'],
    ['mp4', sample.MP4, 'video', true, 'video/mp4'],
    ['3gp', sample.THREE_GP, 'video', true, 'video/3gpp'],
    ['pdf with XML metadata', sample.PDF, 'document', true, 'application/pdf'],
    ['contact card', sample.VCARD, 'contact', true, 'text/vcard'],
    ['declared as nothing in particular', sample.JPEG, 'other', true, 'image/jpeg'],
    ['jpeg declared as sound', sample.JPEG, 'voice', false, 'image/jpeg'],
    ['pdf declared as image', sample.PDF, 'image', false, 'application/pdf'],
    ['video declared as image', sample.MP4, 'image', false, 'video/mp4'],
    ['svg declared as image', sample.SVG, 'image', false, ''],
    ['html declared as image', sample.HTML, 'image', false, ''],
    ['html declared as nothing', sample.HTML, 'other', false, ''],
    ['zip declared as document', sample.ZIP, 'document', false, 'application/zip'],
    ['a program declared as document', sample.EXE, 'document', false, 'application/x-msdownload'],
    ['jpeg with a zip behind it', sample.JPEG_WITH_ZIP, 'image', false, 'image/jpeg'],
    ['gif with a script behind it', sample.GIF_WITH_SCRIPT, 'image', false, 'image/gif'],
    ['png with a page behind it', sample.PNG_WITH_HTML, 'image', false, 'image/png'],
    ['jpeg with a pdf inside', sample.JPEG_WITH_PDF, 'image', false, 'image/jpeg'],
    ['nothing', Buffer.alloc(0), 'image', false, ''],
    ['noise', Buffer.alloc(3000, 0x55), 'image', false, ''],
  ])('%s', async (_label, bytes, declared, safe, type) => {
    const verdict = await sniff(bytes, bytes, declared);
    expect(verdict.safe).toBe(safe);
    expect(verdict.type === '' || type === '' ? type === '' || verdict.safe : verdict.type).toBe(
      type === '' ? true : type,
    );
  });
});
