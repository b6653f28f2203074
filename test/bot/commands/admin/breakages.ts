import { NOW, type Rig } from './admin-rig.ts';
import { escalate, optOut, type Resident } from './healthy-data.ts';

const ago = (hours: number): Date => new Date(NOW.getTime() - hours * 3_600_000);

/** A promise broken on purpose. */
export interface Breakage {
  check: string;
  label: string;
  /** Breaks the promise; says which document must be named. */
  plant: (rig: Rig, resident: Resident, picture: string) => Promise<string>;
}

const set =
  (collection: string, idOf: (resident: Resident) => string, change: Record<string, unknown>) =>
  async (rig: Rig, resident: Resident): Promise<string> => {
    await raw(rig, collection).updateOne({ _id: idOf(resident) as never }, change);
    return `${collection}/${idOf(resident)}`;
  };
const inbound = ({ inboundId }: Resident): string => inboundId;
const outbound = ({ outboundId }: Resident): string => outboundId;
const conversation = ({ conversationId }: Resident): string => conversationId;
const person = ({ personId }: Resident): string => personId;
const feedback = ({ feedbackId }: Resident): string => feedbackId;

type Collection = ReturnType<Rig['database']['connection']['collection']>;

function raw(rig: Rig, collection: string): Collection {
  return rig.database.connection.collection(collection);
}

const coding = {
  scheme: 'issues',
  schemeVersion: 1,
  code: 'no-such-code',
  sentiment: 'negative',
  origin: 'coder',
  at: NOW,
};

const BREAKAGES: readonly Breakage[] = [
  {
    check: 'restore-finished',
    label: 'a restore was cut off',
    plant: async (rig) =>
      rig.database.settings.set('restore-under-way', true, NOW).then(() => 'settings/restore-under-way'),
  },
  {
    check: 'indexes',
    label: 'a unique index is gone',
    async plant(rig) {
      await raw(rig, 'messages').dropIndex('channel_1_providerId_1');
      return 'messages {"channel":1,"providerId":1}';
    },
  },
  {
    check: 'indexes',
    label: 'an index that should be unique is not',
    async plant(rig) {
      await raw(rig, 'feedback').dropIndex('reference_1');
      await raw(rig, 'feedback').createIndexes([{ key: { reference: 1 } }]);
      return 'feedback {"reference":1}';
    },
  },
  {
    check: 'provider-ids',
    label: 'a message is stored twice',
    async plant(rig, { inboundId }) {
      const row = await raw(rig, 'messages').findOne({ _id: inboundId as never });
      await raw(rig, 'messages').dropIndex('channel_1_providerId_1');
      await raw(rig, 'messages').insertOne({ ...row, _id: 'zz-second' as never });
      return 'messages/zz-second';
    },
  },
  {
    check: 'inbound-outcomes',
    label: 'handled without an outcome',
    plant: set('messages', inbound, { $unset: { outcome: 1 } }),
  },
  {
    check: 'inbound-outcomes',
    label: 'handled, still queued',
    plant: set('messages', inbound, { $set: { queue: 'inbox' } }),
  },
  {
    check: 'inbound-outcomes',
    label: 'received, in no queue',
    plant: set('messages', inbound, { $set: { state: 'received' }, $unset: { outcome: 1 } }),
  },
  {
    check: 'inbound-outcomes',
    label: 'waits too long',
    plant: set('messages', inbound, { $set: { state: 'received', queue: 'inbox' }, $unset: { outcome: 1 } }),
  },
  {
    check: 'outbox-rules',
    label: 'delivered, still queued',
    plant: set('messages', outbound, { $set: { queue: 'outbox' } }),
  },
  {
    check: 'outbox-rules',
    label: 'queued, in no queue',
    plant: set('messages', outbound, { $set: { state: 'queued' } }),
  },
  {
    check: 'outbox-rules',
    label: 'delivered without a provider id',
    plant: set('messages', outbound, { $unset: { providerId: 1 } }),
  },
  {
    check: 'outbox-rules',
    label: 'leased for hours',
    plant: set('messages', outbound, { $set: { state: 'leased', queue: 'outbox', dueAt: ago(3) } }),
  },
  {
    check: 'outbox-rules',
    label: 'dropped without a reason',
    plant: set('messages', outbound, { $set: { state: 'dropped' } }),
  },
  {
    check: 'outbound-repeats',
    label: 'a staff message was repeated',
    plant: set('messages', outbound, { $set: { purpose: 'staff', repeated: true } }),
  },
  {
    check: 'outbound-sequence',
    label: 'a later reply was accepted before an earlier one',
    async plant(rig, { outboundId }) {
      const row = await raw(rig, 'messages').findOne({ _id: outboundId as never });
      const later = { order: Number(row?.['order']) + 1, statusAt: { accepted: ago(9) }, providerId: 'SMother' };
      await raw(rig, 'messages').insertOne({ ...row, ...later, _id: 'later' as never });
      return 'messages/later';
    },
  },
  {
    check: 'conversation-messages',
    label: 'a handled message does not exist',
    plant: set('conversations', conversation, { $push: { handled: { id: 'nowhere', outcome: 'replied' } } }),
  },
  {
    check: 'conversation-messages',
    label: 'a message of a conversation that does not exist',
    async plant(rig, { conversationId, inboundId }) {
      await raw(rig, 'conversations').deleteOne({ _id: conversationId as never });
      return `messages/${inboundId}`;
    },
  },
  {
    check: 'conversation-holders',
    label: 'waits for a person, nobody is told',
    plant: set('conversations', conversation, { $set: { holder: 'waiting' } }),
  },
  {
    check: 'conversation-holders',
    label: 'an escalation is open, the bot goes on',
    async plant(rig, resident) {
      await escalate(rig, resident);
      await rig.database.conversations.setHolder(resident.conversationId, ['waiting'], 'bot');
      return `conversations/${resident.conversationId}`;
    },
  },
  {
    check: 'conversation-holders',
    label: 'a lease outlived its worker',
    plant: set('conversations', conversation, { $set: { lease: { owner: 'w', until: ago(2) } } }),
  },
  {
    check: 'conversation-holders',
    label: 'no fence',
    plant: set('conversations', conversation, { $unset: { fence: 1 } }),
  },
  {
    check: 'escalation-messages',
    label: 'is about nothing',
    async plant(rig, resident) {
      const id = await escalate(rig, { ...resident, inboundId: 'nowhere' });
      return `escalations/${id}`;
    },
  },
  {
    check: 'feedback-owners',
    label: 'belongs to nobody who exists',
    plant: set('feedback', feedback, { $set: { personId: 'nobody' } }),
  },
  {
    check: 'feedback-owners',
    label: 'half de-identified',
    plant: set('feedback', feedback, { $unset: { personId: 1 } }),
  },
  {
    check: 'feedback-owners',
    label: 'kept without consent',
    plant: set('feedback', feedback, { $set: { 'consents.store': false } }),
  },
  {
    check: 'feedback-content',
    label: 'a code nobody knows',
    plant: set('feedback', feedback, { $set: { codings: [coding] } }),
  },
  {
    check: 'feedback-content',
    label: 'complete without a rating',
    plant: set('feedback', feedback, { $unset: { 'answers.rating': 1 } }),
  },
  {
    check: 'feedback-content',
    label: 'a reference used twice',
    async plant(rig, { feedbackId }) {
      const item = await raw(rig, 'feedback').findOne({ _id: feedbackId as never });
      await raw(rig, 'feedback').dropIndex('reference_1');
      await raw(rig, 'feedback').insertOne({ ...item, _id: 'zz-second' as never });
      return 'feedback/zz-second';
    },
  },
  {
    check: 'people-addresses',
    label: 'sealed under a key that is gone',
    plant: set('people', person, { $set: { 'addresses.0.sealed.keyId': 'k0' } }),
  },
  {
    check: 'people-addresses',
    label: 'a hash that does not fit',
    plant: set('people', person, { $set: { 'addresses.0.hash': 'k1.other' } }),
  },
  {
    check: 'optouts-agree',
    label: 'asked to stop, is written to',
    async plant(rig, resident) {
      await optOut(rig, resident);
      await rig.database.people.update(resident.personId, {}, ['optedOutAt']);
      return `people/${resident.personId}`;
    },
  },
  {
    check: 'optouts-agree',
    label: 'opted out, not in the ledger',
    plant: set('people', person, { $set: { optedOutAt: ago(5) } }),
  },
  {
    check: 'plain-numbers',
    label: 'a number as a field',
    plant: set('conversations', conversation, { $set: { note: 'call +447700900123 back' } }),
  },
  {
    check: 'plain-numbers',
    label: 'a number as written in Britain, in the audit trail',
    async plant(rig) {
      await raw(rig, 'audit').insertOne({
        _id: 'line' as never,
        at: NOW,
        by: 'x',
        action: 'y',
        detail: 'rang 07700900123',
      });
      return 'audit/line';
    },
  },
  {
    check: 'media-files',
    label: 'the file of a picture is gone',
    async plant(rig, { inboundId }, picture) {
      await rig.database.mediaFiles.remove([picture]);
      return `messages/${inboundId}`;
    },
  },
  {
    check: 'media-files',
    label: 'a file is not whole',
    async plant(rig, _resident, picture) {
      await raw(rig, 'media.chunks').deleteOne({ files_id: picture, n: 1 });
      return `media.files/${picture}`;
    },
  },
  {
    check: 'media-files',
    label: 'a file outlives the erasure of its message',
    async plant(rig, { inboundId }, picture) {
      const left = [{ mediaId: 'ME1', contentType: 'image/jpeg', kind: 'image', state: 'failed' }];
      await raw(rig, 'messages').updateOne({ _id: inboundId as never }, { $set: { media: left, erased: true } });
      await raw(rig, 'media.files').updateOne({ _id: picture as never }, { $set: { uploadDate: ago(5) } });
      return `media.files/${picture}`;
    },
  },
  {
    check: 'media-files',
    label: 'a file outlives its message',
    async plant(rig, { inboundId }, picture) {
      await raw(rig, 'messages').updateOne({ _id: inboundId as never }, { $set: { media: [] } });
      await raw(rig, 'media.files').updateOne({ _id: picture as never }, { $set: { uploadDate: ago(5) } });
      return `media.files/${picture}`;
    },
  },
  {
    check: 'erasures',
    label: 'an erased message still says something',
    plant: set('messages', inbound, { $set: { erased: true } }),
  },
  {
    check: 'erasures',
    label: 'somebody erased is still there',
    async plant(rig, { personId }) {
      await rig.database.audit.append({ at: NOW, by: 'resident', action: 'person-erased', subject: personId });
      return `people/${personId}`;
    },
  },
];

/** At least one for each check. */
export function breakages(): readonly Breakage[] {
  return BREAKAGES;
}
