/**
 * The connection to the server and the person's sign-in: all that talks to the server goes through
 * `request`. In Excel the cells and the pane are one page, so they share this module's state.
 */

import { RequestError, exchange } from "./exchange.js";
import { entraToken } from "./entra.js";
import { forgetToken, keepToken, keptToken } from "./keep.js";

export { RequestError };

/** Milliseconds between two looks whether a lost server is back. */
const LOOK_EVERY = 5_000;

/** @typedef {"connected" | "offline" | "signed-out"} State */

/** @type {State} The page came from the server, so it was there a moment ago. */
export let state = "connected";

const listeners = new Set();
/** @type {Promise<{signIn: "none" | "token" | "entra", version: string}> | null} */
let known = null;
/** @type {string | null} The token in use. */
let token = null;
/** @type {Promise<string> | null} Requests that are refused together renew it once. */
let renewing = null;
/** A person who signed out must not be signed in again behind their back. */
let mayAsk = true;
let looking = false;

/**
 * Be told of every change of `state`.
 * @param {(state: State) => void} listener
 * @returns {() => void} stops it
 */
export function subscribe(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/**
 * What the server says of itself, asked once.
 * @returns {Promise<{signIn: "none" | "token" | "entra", version: string}>}
 */
export function settings() {
  known ??= reach("/v1/settings").catch((error) => {
    known = null;
    throw error;
  });
  return known;
}

/**
 * Ask the server; waits out a restart or a short loss of network, and renews the sign-in once.
 * @param {string} path such as "/v1/calls"
 * @param {{method?: string, body?: string | object, signal?: AbortSignal}} [options]
 * @returns {Promise<any>} the answer's JSON
 * @throws {RequestError} with a sentence that can be shown
 */
export async function request(path, options = {}) {
  const { signIn: kind } = await settings();
  if (kind === "none") {
    return reach(path, options).catch((error) => {
      // The server has begun to ask for a sign-in: ask it how, the next time.
      if (error.status === 401) known = null;
      throw error;
    });
  }
  const used = token ?? (await renew(kind, null));
  try {
    return await reach(path, options, used);
  } catch (error) {
    if (error.status !== 401) throw error;
    const newer = await renew(kind, used);
    return await reach(path, options, newer).catch((again) => {
      throw again.status === 401 ? signedOut(again.message) : again;
    });
  }
}

/**
 * Sign in: with a token where the server asks for one, else with the account of Excel.
 * @param {string} [given] the token
 * @throws {RequestError} where the server refuses it, or Excel cannot sign in
 */
export async function signIn(given = "") {
  const { signIn: kind } = await settings();
  if (kind === "none") return;
  mayAsk = true;
  const tried = kind === "token" ? given.trim() : await entraToken({ ask: true });
  if (!tried) throw new RequestError("Type the token that your administrator gave you.");
  // No calls: the answer only tells whether the token is accepted.
  const options = { method: "POST", body: { ranges: [], calls: [] } };
  await reach("/v1/calls", options, tried, { quiet: true });
  token = tried;
  if (kind === "token") await keepToken(tried);
  become("connected");
}

/** Forget the sign-in; cells then ask for it. */
export async function signOut() {
  const { signIn: kind } = await settings();
  if (kind === "none") return;
  mayAsk = false;
  await forgetToken();
  signedOut();
}

/** @param {State} next */
function become(next) {
  if (next === state) return;
  state = next;
  for (const listener of [...listeners]) listener(next);
}

/** One exchange with the server, and what it says about the connection. */
async function reach(path, options = {}, bearer = null, { quiet = false } = {}) {
  try {
    const answer = await exchange(path, { ...options, bearer, onOutage: () => become("offline") });
    // The settings are open to everybody and tell nothing about a sign-in.
    if (!quiet && (path !== "/v1/settings" || state === "offline")) become("connected");
    return answer;
  } catch (error) {
    if (error.isOutage) look();
    // Whatever it said, it is there.
    else if (error.status > 0 && state === "offline") become("connected");
    throw error;
  }
}

/** A token other than the one that was refused. */
async function renew(kind, refused) {
  if (token !== null && token !== refused) return token;
  renewing ??= fetchToken(kind, refused).finally(() => {
    renewing = null;
  });
  token = await renewing;
  return token;
}

async function fetchToken(kind, refused) {
  if (!mayAsk) throw signedOut();
  if (kind === "entra") {
    return entraToken({ ask: false }).catch((error) => {
      throw signedOut(error.message);
    });
  }
  // Another window may have signed in anew meanwhile.
  const kept = await keptToken();
  if (kept && kept !== refused) return kept;
  await forgetToken();
  throw signedOut();
}

function signedOut(reason = "") {
  token = null;
  become("signed-out");
  const text = `Sign in: open the HealthSheet pane. ${reason}`.trim();
  return new RequestError(text, { status: 401, code: "signed-out", isLost: true });
}

/** Look now and then whether the server is back, so that pane and cells recover by themselves. */
async function look() {
  if (looking) return;
  looking = true;
  while (state === "offline") {
    await new Promise((resolve) => { setTimeout(resolve, LOOK_EVERY); });
    await reach("/v1/settings").catch(() => {});
  }
  looking = false;
}

/** Whoever has to sign in should see so before the first cell is calculated. */
async function begin() {
  const { signIn: kind } = await settings();
  if (kind !== "none" && token === null) await renew(kind, null);
}

begin().catch(() => {}); // what is wrong shows in `state`
