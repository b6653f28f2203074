import { Long } from 'bson';
import { decode } from '../codec.ts';
import type { Engine } from '../engine.ts';
import { CommandError } from '../errors.ts';
import type { Reply } from '../reply.ts';
import { type Doc, field, isDocument, toNumber, typeCode } from '../values.ts';
import { typeName } from '../match/type-names.ts';

/** One command as it came from a client. */
export interface Command {
  readonly name: string;
  readonly db: string;
  readonly body: Doc;
  readonly sequences: ReadonlyMap<string, readonly Buffer[]>;
  /** A number for the connection, shown in hello. */
  readonly connectionId: number;
}

export type Handler = (engine: Engine, command: Command) => Reply | Promise<Reply>;

/** The collection a command names in its first field. Throws InvalidNamespace (73) or TypeMismatch. */
export function collectionName(command: Command): string {
  const name = command.body[command.name];
  if (typeof name !== 'string') throw new CommandError(73, `collection name has invalid type ${typeName(name)}`);
  if (name === '') throw new CommandError(73, `Invalid namespace specified '${command.db}.'`);
  return name;
}

/** A list of documents given as a field or as a document sequence. */
export function documentList(command: Command, name: string): Doc[] {
  const sequence = command.sequences.get(name);
  if (sequence) return sequence.map(decode);
  const given = field(command.body, name);
  if (given === undefined)
    throw new CommandError(40414, `BSON field '${command.name}.${name}' is missing but a required field`);
  if (!Array.isArray(given))
    throw new CommandError(
      14,
      `BSON field '${command.name}.${name}' is the wrong type '${typeName(given)}', expected type 'array'`,
    );
  return (given as unknown[]).map((each) => {
    if (!isDocument(each))
      throw new CommandError(
        14,
        `BSON field '${command.name}.${name}' is the wrong type '${typeName(each)}', expected type 'object'`,
      );
    return each;
  });
}

/** An optional subdocument. */
export function documentOption(doc: Doc, name: string): Doc | undefined {
  const value = field(doc, name);
  if (value === undefined || value === null) return undefined;
  if (!isDocument(value))
    throw new CommandError(14, `Expected field '${name}' to be of type object, but it is ${typeName(value)}`);
  return value;
}

/** An optional number; `least` is the smallest allowed. */
export function numberOption(doc: Doc, name: string, fallback: number, least = 0): number {
  const value = field(doc, name);
  if (value === undefined || value === null) return fallback;
  const number = toNumber(value);
  if (number === undefined)
    throw new CommandError(
      14,
      `BSON field '${name}' is the wrong type '${typeName(value)}', expected types '[long, int, decimal, double]'`,
    );
  if (number < least)
    throw new CommandError(51024, `BSON field '${name}' value must be >= ${least}, actual value '${number}'`);
  return Math.trunc(number);
}

export function flagOption(doc: Doc, name: string): boolean {
  const value = field(doc, name);
  return value === true || (typeof value !== 'boolean' && (toNumber(value) ?? 0) !== 0);
}

/** A cursor id as a bigint. */
export function cursorId(value: unknown): bigint {
  if (value instanceof Long) return value.toBigInt();
  const number = toNumber(value);
  if (number === undefined) throw new CommandError(14, `BSON field 'getMore' is the wrong type, expected type 'long'`);
  return BigInt(number);
}

/** Refuses what would change the meaning of a command and is not built: a wrong result is worse than an error. */
export function refuseUnsupported(command: Command): void {
  const { body } = command;
  if ('startTransaction' in body || body['autocommit'] === false || 'txnNumber' in body)
    throw new CommandError(20, 'Transaction numbers are only allowed on a replica set member or mongos');
  const collation = field(body, 'collation');
  if (isDocument(collation) && collation['locale'] !== 'simple' && Object.keys(collation).length > 0)
    throw new CommandError(238, 'collation is not supported by the embedded server');
  if (typeCode(body['$db']) !== 2 && body['$db'] !== undefined)
    throw new CommandError(14, "BSON field '$db' is the wrong type, expected type 'string'");
}
