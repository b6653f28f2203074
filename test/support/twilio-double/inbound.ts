import { type CallbackTarget } from './callbacks.ts';
import type { Ledger } from './ledger.ts';
import { postSigned } from './signing.ts';

/** A resident writes to us. */
export interface InboundPost {
  /** `+44…` or `whatsapp:+44…`. */
  from: string;
  to: string;
  body?: string;
  media?: { contentType: string; body: Buffer }[];
  /** Pressed button or row. */
  choice?: { id: string; title: string };
  location?: { latitude: number; longitude: number; label?: string };
  optOutType?: 'STOP' | 'START' | 'HELP';
  /** Deliver again under this sid. */
  sid?: string;
  extra?: Record<string, string>;
}

export interface Delivery {
  sid: string;
  /** What our service answered, one for every try; 0 for a failed connection. */
  answers: number[];
}

/** Twilio with `#rc=3&rp=5xx,ct,rt`: up to three more tries after 5xx or a failed connection, then the fallback URL once. */
const RETRIES = 3;

export interface InboundTarget extends CallbackTarget {
  publicUrl: string;
  origin: string;
  ledger: Ledger;
  retryDelayMs: number;
}

/** Delivers a message as Twilio would, with its retries. */
export async function deliverInbound(target: InboundTarget, post: InboundPost): Promise<Delivery> {
  const sid = post.sid ?? target.ledger.sid((post.media?.length ?? 0) > 0 ? 'MM' : 'SM');
  const params = { ...formOf(target, post, sid), ...post.extra };
  const answers: number[] = [];
  for (let tried = 0; tried <= RETRIES + 1; tried += 1) {
    const path = tried > RETRIES ? '/channels/twilio/fallback' : '/channels/twilio/inbound';
    const url = new URL(path, target.deliverTo ?? target.publicUrl).href;
    const signedUrl = new URL(path, target.publicUrl).href;
    const answer = await postSigned({ url, params, authToken: target.authToken, signedUrl });
    answers.push(answer);
    if (answer !== 0 && answer < 500) break;
    await new Promise((resolve) => setTimeout(resolve, target.retryDelayMs));
  }
  return { sid, answers };
}

function formOf(target: InboundTarget, post: InboundPost, sid: string): Record<string, string> {
  const media = post.media ?? [];
  const whatsapp = post.from.startsWith('whatsapp:+') ? { WaId: post.from.slice('whatsapp:+'.length) } : {};
  return {
    MessageSid: sid,
    SmsSid: sid,
    SmsMessageSid: sid,
    AccountSid: target.accountSid,
    ApiVersion: '2010-04-01',
    SmsStatus: 'received',
    From: post.from,
    To: post.to,
    Body: post.body ?? post.choice?.title ?? '',
    NumMedia: String(media.length),
    NumSegments: '1',
    ...whatsapp,
    ...choiceOf(post),
    ...(post.location && placeOf(post.location)),
    ...(post.optOutType && { OptOutType: post.optOutType }),
    ...mediaParams(target, sid, media),
  };
}

function choiceOf({ choice }: InboundPost): Record<string, string> {
  return choice ? { ButtonPayload: choice.id, ButtonText: choice.title } : {};
}

function placeOf({ latitude, longitude, label }: NonNullable<InboundPost['location']>): Record<string, string> {
  return { Latitude: String(latitude), Longitude: String(longitude), ...(label !== undefined && { Label: label }) };
}

function mediaParams(
  { ledger, accountSid, origin }: InboundTarget,
  sid: string,
  media: NonNullable<InboundPost['media']>,
): Record<string, string> {
  const params: Record<string, string> = {};
  media.forEach(({ contentType, body }, index) => {
    const mediaSid = ledger.sid('ME');
    ledger.media.set(`${sid}/${mediaSid}`, { body, contentType, removed: false, gets: 0 });
    params[`MediaContentType${index}`] = contentType;
    params[`MediaUrl${index}`] = `${origin}/2010-04-01/Accounts/${accountSid}/Messages/${sid}/Media/${mediaSid}`;
  });
  return params;
}
