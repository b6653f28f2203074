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
    const names = [address, ...aliases].map((value) => this.named(channel, value));
    for (let attempt = 0; ; attempt++) {
      const known = await this.known(names);
      if (known) return known;
      try {
        // An alias that is somebody else's already must not keep this person from being met.
        return await this.insert(attempt === 0 ? names : names.slice(0, 1), now);
      } catch (error) {
        if (!isDuplicateKey(error) || attempt >= 3) throw error;
      }
    }
  }

  async get(personId: string): Promise<Person | null> {
    return this.model.findById(personId).lean<Person>();
  }

  /** Several people in one read, by id; who is gone is missing. */
  async getMany(personIds: readonly string[]): Promise<Map<string, Person>> {
    const found = await this.model.find({ _id: { $in: [...personIds] } }).lean<Person[]>();
    return new Map(found.map((person) => [person._id, person]));
  }

  /** The plain address, for the moment of sending only. */
  openAddress(person: Person, addressId: string): string | null {
    const address = person.addresses.find((candidate) => candidate.id === addressId);
    return address ? this.keyring.open(address.sealed, person._id) : null;
  }

  /** Finds a person by plain address without making one (admin erase, tests). */
  async findByAddress(channel: ChannelName, address: string): Promise<Person | null> {
    return this.find([this.named(channel, address)]);
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

  private named(channel: ChannelName, value: string): NamedAddress {
    const name = addressName(channel, value);
    return { channel, value, name, hashes: this.keyring.hashes(name) };
  }

  /** The person known by the first address or one of its aliases, with what was not known of them added. */
  private async known(names: readonly NamedAddress[]): Promise<{ personId: string; addressId: string } | null> {
    const person = await this.find(names);
    if (!person) return null;
    const unknown = names.filter((named) => !addressAmong(person, named));
    for (const named of unknown) await this.add(person, named);
    const settled = unknown.length > 0 ? await this.find(names.slice(0, 1)) : person;
    const [first] = names;
    const address = settled && first && addressAmong(settled, first);
    return settled && address ? { personId: settled._id, addressId: address.id } : null;
  }

  private async find(names: readonly NamedAddress[]): Promise<Person | null> {
    const hashes = names.flatMap((named) => named.hashes);
    const filter = hashes.length === 1 ? hashes[0] : { $in: hashes };
    const found = await this.model
      .find({ 'addresses.hash': filter as string })
      .limit(2)
      .lean<Person[]>();
    // A number and a business-scoped id may be known as two people: the address written from decides.
    return found.find((person) => names[0] && addressAmong(person, names[0])) ?? found[0] ?? null;
  }

  private async insert(names: readonly NamedAddress[], now: Date): Promise<{ personId: string; addressId: string }> {
    const personId = newId();
    const addresses = names.map((named) => this.seal(personId, named));
    await this.model.insertOne({ _id: personId, addresses, consents: {}, createdAt: now });
    return { personId, addressId: addresses[0]?.id ?? '' };
  }

  private seal(personId: string, { channel, value, name }: NamedAddress): PersonAddress {
    return { id: newId(), channel, hash: this.keyring.hash(name), sealed: this.keyring.seal(value, personId) };
  }

  private async add(person: Person, named: NamedAddress): Promise<void> {
    try {
      const address = this.seal(person._id, named);
      await this.model.updateOne(
        { _id: person._id, 'addresses.hash': { $ne: address.hash } },
        { $push: { addresses: address } },
      );
    } catch (error) {
      if (!isDuplicateKey(error)) throw error; // someone else's already: leave it theirs
    }
  }
}

interface NamedAddress {
  channel: ChannelName;
  value: string;
  name: string;
  hashes: string[];
}

function addressAmong(person: Person, named: NamedAddress): PersonAddress | undefined {
  return person.addresses.find((address) => named.hashes.includes(address.hash));
}
