import { BSONRegExp, Decimal128, Double, Int32, Long } from 'bson';
import { type Doc, isDocument, setField } from './values.ts';

/** A value as mingo's JavaScript expressions want it: numbers as numbers, regular expressions as RegExp; the rest as it is. */
export function plain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return (value as unknown[]).map(plain);
  return isDocument(value) ? plainDocument(value) : plainScalar(value);
}

function plainScalar(value: object): unknown {
  if (value instanceof Int32 || value instanceof Double) return value.value;
  if (value instanceof Long) return value.toNumber();
  if (value instanceof Decimal128) return Number(value.toString());
  if (value instanceof BSONRegExp) return new RegExp(value.pattern, value.options.replaceAll(/[^ims]/g, ''));
  return value;
}

function plainDocument(doc: Doc): Doc {
  const copy: Doc = {};
  for (const name of Object.keys(doc)) setField(copy, name, plain(doc[name]));
  return copy;
}
