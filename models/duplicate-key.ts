/** Whether a database error is "duplicate key" (MongoDB code 11000): the row is already there, which idempotent writes expect. */
export function isDuplicateKey(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 11000;
}
