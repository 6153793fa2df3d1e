/** Microsoft's library, once it knows where it runs. */

/** Milliseconds that it may take; outside Excel it never says so. */
const LONGEST = 3_000;

/** @returns {Promise<typeof globalThis.Office | undefined>} */
export async function office() {
  const { Office } = globalThis;
  if (typeof Office?.onReady === "function") {
    const late = new Promise((resolve) => { setTimeout(resolve, LONGEST); });
    await Promise.race([Office.onReady(), late]);
  }
  return Office;
}
