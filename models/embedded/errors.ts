/** MongoDB's error names by code, as far as this server raises them (mongo/src/mongo/base/error_codes.yml). */
const codeNames: Readonly<Record<number, string>> = {
  1: 'InternalError',
  2: 'BadValue',
  9: 'FailedToParse',
  14: 'TypeMismatch',
  17: 'ProtocolError',
  20: 'IllegalOperation',
  26: 'NamespaceNotFound',
  27: 'IndexNotFound',
  28: 'PathNotViable',
  40: 'ConflictingUpdateOperators',
  43: 'CursorNotFound',
  48: 'NamespaceExists',
  50: 'MaxTimeMSExpired',
  52: 'DollarPrefixedFieldName',
  53: 'InvalidIdField',
  54: 'NotSingleValueField',
  55: 'InvalidDBRef',
  56: 'EmptyFieldName',
  59: 'CommandNotFound',
  66: 'ImmutableField',
  67: 'CannotCreateIndex',
  72: 'InvalidOptions',
  73: 'InvalidNamespace',
  85: 'IndexOptionsConflict',
  86: 'IndexKeySpecsConflict',
  115: 'CommandNotSupported',
  168: 'InvalidPipelineOperator',
  197: 'InvalidIndexSpecificationOption',
  211: 'KeyNotFound',
  238: 'NotImplemented',
  10334: 'BSONObjectTooLarge',
  11000: 'DuplicateKey',
  14031: 'OutOfDiskSpace',
};

/** MongoDB's name for an error code; codes without a name are "Location" and the number, as on the server. */
export function codeName(code: number): string {
  return codeNames[code] ?? `Location${code}`;
}

/** An error that goes to the client as MongoDB would say it: code, message and whatever else the reply carries. */
export class CommandError extends Error {
  readonly code: number;
  readonly extra: Readonly<Record<string, unknown>>;

  constructor(code: number, message: string, extra: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.code = code;
    this.extra = extra;
  }
}

/** The reply document for any error; one that is not ours becomes InternalError with its message. */
export function errorReply(error: unknown): Record<string, unknown> {
  if (error instanceof CommandError)
    return { ok: 0, errmsg: error.message, code: error.code, codeName: codeName(error.code), ...error.extra };
  const message = error instanceof Error ? error.message : String(error);
  if (/MDB_MAP_FULL|ENOSPC|No space left|File too large|EFBIG/i.test(message))
    return { ok: 0, errmsg: `the disk is full: ${message}`, code: 14031, codeName: codeName(14031) };
  return { ok: 0, errmsg: message, code: 1, codeName: codeName(1) };
}
