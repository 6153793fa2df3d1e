/**
 * Keeps the token between two openings of Excel, in the browser's storage of this add-in. Where a
 * browser allows no storage, the token lasts as long as the page.
 */

import { office } from "./office.js";

const NAME = "healthsheet.token";

/** @type {string | null} */
let inMemory = null;

/** @returns {Promise<string | null>} */
export async function keptToken() {
  const name = await place();
  return tried(() => localStorage.getItem(name)) ?? inMemory;
}

/** @param {string} token */
export async function keepToken(token) {
  inMemory = token;
  const name = await place();
  tried(() => localStorage.setItem(name, token));
}

export async function forgetToken() {
  inMemory = null;
  const name = await place();
  tried(() => localStorage.removeItem(name));
}

/** Excel on the web gives each site that shows it a part of the storage of its own. */
async function place() {
  return `${(await office())?.context?.partitionKey ?? ""}${NAME}`;
}

function tried(storage) {
  try {
    return storage();
  } catch {
    return null;
  }
}
