import { Readable } from 'node:stream';
import { deriveId } from '../../../../models/ids.ts';
import { fileIdOf, type MediaJob } from '../../../../models/media-files.ts';
import type { InboundRow, OutboundRow } from '../../../../models/messages/schema.ts';
import { referenceCode } from '../../../../bot/feedback-of.ts';
import type { Rig } from './admin-rig.ts';

export const OUR_NUMBER = '+442079460001';

/** One resident's data as the service leaves it. */
export interface Resident {
  number: string;
  personId: string;
  addressId: string;
  conversationId: string;
  inboundId: string;
  outboundId: string;
  feedbackId: string;
  reference: string;
  at: Date;
}

/** The nth resident's number, from Ofcom's range for drama. */
export const numberOf = (n: number): string => `+44770090${String(n).padStart(4, '0')}`;

/** Stores a resident who told one experience to its end two hours ago: the plainest healthy data there is. */
export async function storeResident(
  rig: Rig,
  n = 1,
  text = 'The nurse was kind, we waited three hours',
): Promise<Resident> {
  const { database } = rig;
  const at = new Date(rig.now.getTime() - 7_200_000 + n * 1000);
  const number = numberOf(n);
  const { personId, addressId } = await database.people.resolve('sms', number, [], at);
  const conversationId = deriveId(personId, 'sms', OUR_NUMBER);
  const inboundId = deriveId('sms', `SM${n}`);
  const outboundId = deriveId(inboundId, 'out', 0);
  const base = { conversationId, personId, addressId, channel: 'sms', sender: OUR_NUMBER };
  const order = at.getTime() * 1000;
  const inbound: InboundRow = {
    ...base,
    _id: inboundId,
    direction: 'in',
    providerId: `SM${String(n).padStart(32, 'a')}`,
    text,
    media: [],
    order,
    state: 'handled',
    outcome: 'replied',
    receivedAt: at,
  };
  const outbound: OutboundRow = {
    ...base,
    _id: outboundId,
    direction: 'out',
    purpose: 'reply',
    text: 'Thank you.',
    answers: inboundId,
    answersReceivedAt: at,
    order: order + 1,
    state: 'delivered',
    providerId: `SM${String(n).padStart(32, 'b')}`,
    statusAt: { accepted: at, delivered: at },
    priority: 3,
    attempts: 1,
    fence: 1,
    dueAt: at,
    createdAt: at,
    attemptedAt: at,
  };
  await database.inbound.model.collection.insertMany([inbound, outbound] as never);
  await database.conversations.model.collection.insertOne({
    _id: conversationId,
    personId,
    addressId,
    channel: 'sms',
    sender: OUR_NUMBER,
    holder: 'bot',
    state: { answers: { story: { kind: 'text', text, messageIds: [inboundId], media: 0 } } },
    version: 1,
    handled: [{ id: inboundId, outcome: 'replied' }],
    lastInboundAt: at,
    fence: 1,
    createdAt: at,
  } as never);
  const feedbackId = deriveId(conversationId, 'experience', 1);
  const reference = referenceCode(conversationId, 1);
  await database.feedback.model.collection.insertOne({
    _id: feedbackId,
    personId,
    conversationId,
    experience: 1,
    status: 'complete',
    reference,
    pathway: { id: 'care', version: 1 },
    receivedAt: at,
    updatedAt: at,
    source: 'sms',
    origin: 'resident',
    language: 'eng',
    story: { text, messageIds: [inboundId], media: 0 },
    service: { name: 'Mile End Hospital', kind: 'hospital' },
    stages: ['nursing-care'],
    rating: 4,
    answers: {
      story: { kind: 'text', text, messageIds: [inboundId], media: 0 },
      service: { kind: 'service', serviceKind: 'hospital', name: 'Mile End Hospital' },
      stages: { kind: 'skipped' },
      rating: { kind: 'choices', values: ['4'] },
    },
    codings: [],
    consents: { store: true },
  } as never);
  return { number, personId, addressId, conversationId, inboundId, outboundId, feedbackId, reference, at };
}

/** Attaches a stored picture to the resident's message, as the media worker leaves it. */
export async function storePicture(rig: Rig, resident: Resident, bytes = Buffer.alloc(300_000, 7)): Promise<string> {
  const job = { messageId: resident.inboundId, mediaId: 'ME1' } as MediaJob;
  const fileId = fileIdOf(job);
  await rig.database.mediaFiles.save(job, Readable.from([bytes]), 'image/jpeg');
  const item = {
    mediaId: 'ME1',
    contentType: 'image/jpeg',
    kind: 'image',
    state: 'stored',
    fileId,
    bytes: bytes.length,
  };
  await rig.database.inbound.model.collection.updateOne(
    { _id: resident.inboundId as never },
    { $set: { media: [item] } },
  );
  return fileId;
}

/** Raises an escalation about the resident's message and silences the bot. */
export async function escalate(rig: Rig, resident: Resident, reason = 'suicide'): Promise<string> {
  const { conversationId, personId, inboundId: messageId, at } = resident;
  const id = deriveId(messageId, 'escalation');
  await rig.database.escalations.raise({
    _id: id,
    conversationId,
    personId,
    messageId,
    urgency: 'P1',
    reason,
    state: 'waiting',
    raisedAt: at,
  });
  await rig.database.conversations.setHolder(conversationId, ['bot'], 'waiting');
  return id;
}

/** Records that the resident asked us to stop, in the ledger and on the person. */
export async function optOut(rig: Rig, resident: Resident, at = resident.at): Promise<string> {
  const person = await rig.database.people.get(resident.personId);
  const addressHash = person?.addresses[0]?.hash ?? '';
  const line = { _id: deriveId(resident.inboundId, 'out', resident.addressId), addressHash, channel: 'sms' };
  await rig.database.optOuts.append([{ ...line, action: 'out', by: 'resident', at }]);
  await rig.database.people.update(resident.personId, { optedOutAt: at });
  return addressHash;
}
