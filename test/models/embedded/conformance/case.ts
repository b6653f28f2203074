import type { Document } from 'bson';

/** One labelled case: what is there, the command, and what MongoDB answers. The collection is called `c`. */
export interface Case {
  readonly label: string;
  readonly docs?: readonly Document[];
  /** Further collections by name. */
  readonly others?: Readonly<Record<string, readonly Document[]>>;
  readonly indexes?: readonly Document[];
  /** Commands run before the one under test, which must succeed. */
  readonly before?: readonly Document[];
  readonly command: Document;
  /** The documents of the first batch. */
  readonly batch?: readonly unknown[];
  /** True when the order of the batch is the server's own affair. */
  readonly anyOrder?: boolean;
  /** Fields the reply must have, with these values; nested documents may have more. */
  readonly reply?: Document;
  /** The error code of the reply, or of its first write error. */
  readonly error?: number;
  /** What the collection holds afterwards, by _id. */
  readonly after?: readonly Document[];
  /** Compare with BSON types, not only values. */
  readonly exact?: boolean;
  /** Where DocumentDB is known to answer otherwise than MongoDB documents, and why. */
  readonly differs?: string;
}

type Extra = Partial<Omit<Case, 'label'>>;

/** A filter on documents and the _ids it finds. */
export function matches(
  label: string,
  docs: readonly Document[],
  filter: Document,
  ids: readonly unknown[],
  extra: Extra = {},
): Case {
  return {
    label,
    docs,
    command: { find: 'c', filter, sort: { _id: 1 }, projection: { _id: 1 } },
    batch: ids.map((_id) => ({ _id })),
    ...extra,
  };
}

/** Documents {_id: index, v: value} and the indexes a condition on `v` finds. */
export function values(
  label: string,
  list: readonly unknown[],
  condition: unknown,
  found: readonly number[],
  extra: Extra = {},
): Case {
  const docs = list.map((v, _id) => (v === undefined ? { _id } : { _id, v }));
  return matches(label, docs, { v: condition }, found, extra);
}

/** A find with options and the documents it answers. */
export function finds(
  label: string,
  docs: readonly Document[],
  options: Document,
  batch: readonly Document[],
  extra: Extra = {},
): Case {
  return { label, docs, command: { find: 'c', ...options }, batch, ...extra };
}

/** A projection of one document. */
export function projects(
  label: string,
  doc: Document,
  projection: Document,
  result: Document,
  extra: Extra = {},
): Case {
  return finds(label, [doc], { projection }, [result], extra);
}

/** An update of the document with _id 1 (or another filter) and what it becomes. */
export function updates(
  label: string,
  doc: Document,
  u: unknown,
  after: Document,
  extra: Extra & { q?: Document; arrayFilters?: Document[] } = {},
): Case {
  const { q = {}, arrayFilters, ...rest } = extra;
  const statement = { q, u, ...(arrayFilters ? { arrayFilters } : {}) };
  return {
    label,
    docs: [{ _id: 1, ...doc }],
    command: { update: 'c', updates: [statement] },
    after: [{ _id: 1, ...after }],
    ...rest,
  };
}

/** An update that is refused and leaves the document as it was. */
export function updateFails(
  label: string,
  doc: Document,
  u: unknown,
  error: number,
  extra: Extra & { q?: Document; arrayFilters?: Document[] } = {},
): Case {
  return updates(label, doc, u, doc, { error, ...extra });
}

/** A pipeline and its results. */
export function pipes(
  label: string,
  docs: readonly Document[],
  pipeline: readonly Document[],
  batch: readonly unknown[],
  extra: Extra = {},
): Case {
  return { label, docs, command: { aggregate: 'c', pipeline, cursor: {} }, batch, ...extra };
}

/** An expression on one document and its value; undefined for a field that is not there. */
export function computes(label: string, doc: Document, expression: unknown, value: unknown, extra: Extra = {}): Case {
  return pipes(
    label,
    [{ _id: 1, ...doc }],
    [{ $project: { _id: 0, r: expression } }],
    [value === undefined ? {} : { r: value }],
    extra,
  );
}

/** A command that is refused with a code. */
export function fails(label: string, command: Document, error: number, extra: Extra = {}): Case {
  return { label, command, error, ...extra };
}
