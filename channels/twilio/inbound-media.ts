import type { MediaKind } from '../../models/vocabulary.ts';
import type { InboundMedia } from '../channel.ts';

/** Twilio allows ten; more is hostile or new, and is still kept up to here. */
const MOST = 40;

const MEDIA_PATH = /^\/2010-04-01\/Accounts\/([^/]+)\/Messages\/([^/]+)\/Media\/(ME[0-9a-f]{32})$/i;

/** What a resident sent beside text. A URL that is not Twilio's own media of this very message is noted, never followed. */
export function mediaOf(params: Readonly<Record<string, string>>, accountSid: string, sid: string): InboundMedia[] {
  const declared = Math.min(Number.parseInt(params['NumMedia'] ?? '0', 10) || 0, MOST);
  const media: InboundMedia[] = [];
  for (let index = 0; index < MOST; index += 1) {
    const url = params[`MediaUrl${index}`];
    if (url === undefined && index >= declared) break;
    const contentType = params[`MediaContentType${index}`] ?? '';
    const mediaId = mediaSid(url, accountSid, sid) ?? `unrecognised-${index}`;
    media.push({ mediaId, contentType, kind: kindOf(contentType) });
  }
  return media;
}

function mediaSid(url: string | undefined, accountSid: string, sid: string): string | undefined {
  if (url === undefined || !URL.canParse(url)) return undefined;
  const [, account, message, media] = MEDIA_PATH.exec(new URL(url).pathname) ?? [];
  return account === accountSid && message === sid ? media : undefined;
}

const CONTACT_TYPES = new Set(['text/vcard', 'text/x-vcard', 'text/directory']);
const KIND_BY_FAMILY = new Map<string, MediaKind>([
  ['image', 'image'],
  ['audio', 'voice'],
  ['video', 'video'],
  ['text', 'document'],
  ['application', 'document'],
]);

/** The kind a declared content type stands for. Says nothing about what the bytes are: that is sniffed later. */
export function kindOf(contentType: string): MediaKind {
  const type = (contentType.split(';', 1)[0] ?? '').trim().toLowerCase();
  if (CONTACT_TYPES.has(type)) return 'contact';
  if (type === 'application/ogg') return 'voice';
  if (type === 'application/octet-stream') return 'other';
  return KIND_BY_FAMILY.get(type.split('/', 1)[0] ?? '') ?? 'other';
}
