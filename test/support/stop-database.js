/** After all tests: lets go of the database that start-database.js started; it ends with its last client. */
export default async function stopDatabase() {
  await globalThis.stopDatabase?.();
}
