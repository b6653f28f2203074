/** After all tests: lets go of the database that start-database.ts started; it ends with its last client. */
export default async function stopDatabase(): Promise<void> {
  await (globalThis as { stopDatabase?: () => Promise<void> }).stopDatabase?.();
}
