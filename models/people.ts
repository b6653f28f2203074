import { Schema, type Connection, type Model } from 'mongoose';
import { isDuplicateKey } from './duplicate-key.ts';
import { newId } from './ids.ts';
import type { Keyring, Sealed } from './keyring.ts';
import type { ChannelName, LanguageCode } from './vocabulary.ts';

/** One way to reach a person. The plain address exists only in `sealed`. */
export interface PersonAddress {
  id: string;
  channel: ChannelName;
  hash: string;
  sealed: Sealed;
  /** The provider says nobody is there; proactive messages stop. */
  unreachableAt?: Date;
}

export interface Consent {
  given: boolean;
  at: Date;
}

export interface Person {
  _id: string;
  addresses: PersonAddress[];
  language?: LanguageCode;
  consents: { store?: Consent; followUp?: Consent };
  /** Set while opted out; the ledger (optouts) holds the history. */
  optedOutAt?: Date;
  /** Everything about this person is to go, once the farewell has left. */
  eraseAt?: Date;
  createdAt: Date;
}

const schema = new Schema<Person>(
  {
    _id: { type: String, required: true },
    addresses: [
      {
        _id: false,
        id: String,
        channel: String,
        hash: String,
        sealed: { keyId: String, box: String },
        unreachableAt: Date,
      },
    ],
    language: String,
    consents: { type: Schema.Types.Mixed, default: {} },
    optedOutAt: Date,
    eraseAt: Date,
    createdAt: { type: Date, required: true },
  },
  { collection: 'people', versionKey: false, minimize: false },
);
schema.index(
  { 'addresses.hash': 1 },
  { unique: true, partialFilterExpression: { 'addresses.hash': { $exists: true } } },
);
schema.index({ eraseAt: 1 }, { sparse: true });

/** What names an address whatever the channel: a phone number is one address on SMS and WhatsApp alike. */
export function addressName(channel: ChannelName, address: string): string {
  return address.startsWith('+') ? `tel:${address}` : `${channel}:${address}`;
}

/** People: opaque ids, sealed addresses, looked up by keyed hash. */
export class People {
  readonly model: Model<Person>;
  private readonly keyring: Keyring;

  constructor(connection: Connection, keyring: Keyring) {
    this.model = connection.model<Person>('Person', schema);
    this.keyring = keyring;
  }

  /**
   * The person behind an address, made on first contact. Two first messages at once make one person (unique hash).
   * Aliases the person is not yet known by are added, unless they belong to someone else already.
   */
  async resolve(
    channel: ChannelName,
    address: string,
    aliases: readonly string[],
    now: Date,
  ): Promise<{ personId: string; addressId: string }> {
    const names = [address, ...aliases].map((value) => ({ value, name: addressName(channel, value) }));
    const hashes = names.map((entry) => this.keyring.hashes(entry.name));
    for (let attempt = 0; ; attempt++) {
      const found = await this.find(hashes);
      if (found) {
        const known = addressAmong(found, hashes[0] ?? []);
        if (known && (aliases.length === 0 || found.addresses.length >= names.length))
          return { personId: found._id, addressId: known.id };
        await this.addMissing(found, channel, names, hashes);
        const again = await this.find(hashes.slice(0, 1));
        const added = again && addressAmong(again, hashes[0] ?? []);
        if (again && added) return { personId: again._id, addressId: added.id };
      }
      try {
        return await this.insert(channel, names.slice(0, attempt === 0 ? undefined : 1), now);
      } catch (error) {
        if (!isDuplicateKey(error) || attempt >= 3) throw error;
      }
    }
  }

  async get(personId: string): Promise<Person | null> {
    return this.model.findById(personId).lean<Person>();
  }

  /** The plain address, for the moment of sending only. */
  openAddress(person: Person, addressId: string): string | null {
    const address = person.addresses.find((candidate) => candidate.id === addressId);
    return address ? this.keyring.open(address.sealed, person._id) : null;
  }

  /** Finds a person by plain address without making one (admin erase, tests). */
  async findByAddress(channel: ChannelName, address: string): Promise<Person | null> {
    return this.find([this.keyring.hashes(addressName(channel, address))]);
  }

  async update(
    personId: string,
    set: Partial<Pick<Person, 'language' | 'optedOutAt' | 'eraseAt'>>,
    unset: (keyof Person)[] = [],
  ): Promise<void> {
    const gone = Object.fromEntries(unset.map((key) => [key, 1]));
    await this.model.updateOne({ _id: personId }, { $set: set, ...(unset.length > 0 && { $unset: gone }) });
  }

  async recordConsent(personId: string, purpose: 'store' | 'followUp', consent: Consent): Promise<void> {
    await this.model.updateOne({ _id: personId }, { $set: { [`consents.${purpose}`]: consent } });
  }

  async markUnreachable(personId: string, addressId: string, at: Date): Promise<void> {
    await this.model.updateOne(
      { _id: personId, 'addresses.id': addressId },
      { $set: { 'addresses.$.unreachableAt': at } },
    );
  }

  async dueForErasure(now: Date, limit: number): Promise<Person[]> {
    return this.model
      .find({ eraseAt: { $lte: now } })
      .limit(limit)
      .lean<Person[]>();
  }

  async remove(personId: string): Promise<void> {
    await this.model.deleteOne({ _id: personId });
  }

  /** Everyone, for work that has to look at all. */
  all(): AsyncIterable<Person> {
    return this.model.find().lean<Person[]>().cursor();
  }

  /** What an address is found by: its hash under the newest key, then under the older ones. Throws when it cannot be opened. */
  hashesOf(person: Person, address: PersonAddress): [newest: string, ...older: string[]] {
    const [newest = '', ...older] = this.keyring.hashes(
      addressName(address.channel, this.keyring.open(address.sealed, person._id)),
    );
    return [newest, ...older];
  }

  /**
   * Seals and hashes one address under the newest key, unless it changed since it was read: then false. What happens to the
   * person's other addresses meanwhile stays. Throws when the address cannot be opened, and a duplicate-key error when
   * another person is known by it under the newest key already.
   */
  async rekeyAddress(person: Person, address: PersonAddress): Promise<boolean> {
    const [hash] = this.hashesOf(person, address);
    const sealed = this.keyring.seal(this.keyring.open(address.sealed, person._id), person._id);
    const asRead = { id: address.id, hash: address.hash, 'sealed.box': address.sealed.box };
    const result = await this.model.updateOne(
      { _id: person._id, addresses: { $elemMatch: asRead } },
      { $set: { 'addresses.$.hash': hash, 'addresses.$.sealed': sealed } },
    );
    return result.modifiedCount === 1;
  }

  private async find(hashes: readonly (readonly string[])[]): Promise<Person | null> {
    const all = hashes.flat();
    const filter = all.length === 1 ? { 'addresses.hash': all[0] } : { 'addresses.hash': { $in: all } };
    const found = await this.model
      .find(filter as Record<string, unknown>)
      .limit(2)
      .lean<Person[]>();
    // A number and a business-scoped id may be known as two people: the address written from decides.
    return found.find((person) => addressAmong(person, hashes[0] ?? [])) ?? found[0] ?? null;
  }

  private async insert(
    channel: ChannelName,
    names: { value: string; name: string }[],
    now: Date,
  ): Promise<{ personId: string; addressId: string }> {
    const personId = newId();
    const addresses = names.map((entry) => this.address(personId, channel, entry));
    await this.model.insertOne({ _id: personId, addresses, consents: {}, createdAt: now });
    return { personId, addressId: addresses[0]?.id ?? '' };
  }

  private address(personId: string, channel: ChannelName, entry: { value: string; name: string }): PersonAddress {
    return {
      id: newId(),
      channel,
      hash: this.keyring.hash(entry.name),
      sealed: this.keyring.seal(entry.value, personId),
    };
  }

  private async addMissing(
    person: Person,
    channel: ChannelName,
    names: { value: string; name: string }[],
    hashes: string[][],
  ): Promise<void> {
    for (const [i, entry] of names.entries()) {
      if (addressAmong(person, hashes[i] ?? [])) continue;
      try {
        const address = this.address(person._id, channel, entry);
        await this.model.updateOne(
          { _id: person._id, 'addresses.hash': { $ne: address.hash } },
          { $push: { addresses: address } },
        );
      } catch (error) {
        if (!isDuplicateKey(error)) throw error; // someone else's already: leave it theirs
      }
    }
  }
}

function addressAmong(person: Person, hashes: readonly string[]): PersonAddress | undefined {
  return person.addresses.find((address) => hashes.includes(address.hash));
}
