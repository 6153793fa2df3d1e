/** One request and its answer: what the server says, waiting where waiting helps. */

const ROOT = new URL("../../", import.meta.url);
/** Milliseconds of an outage that are waited out: a restart of the server, a change of network. */
const OUTAGE = 20_000;
/** Milliseconds for which a server that asks to be asked later is believed. */
const BUSY = 55_000;
/** Milliseconds for an answer where the asker sets no end: a lost connection is silent. */
const ANSWER = 30_000;
const FIRST_WAIT = 250;
const LONGEST_WAIT = 2_000;
/** Proxies answer so while the server behind them is away. */
const AWAY = new Set([502, 503, 504]);

const UNREACHABLE = `HealthSheet server not reachable: ${ROOT.host} does not answer. ` +
  "Check your network; the cells recalculate when it is back.";

/** @type {number | null} When the present outage was noticed. */
let awaySince = null;

/** A request without an answer; the message can be shown as it is. */
export class RequestError extends Error {
  /**
   * @param {string} message
   * @param {{status?: number, code?: string, isOutage?: boolean, isLost?: boolean}} [more]
   *   `status` of HTTP, 0 without an answer; `code` one word; `isLost`: the same may work later
   */
  constructor(message, { status = 0, code = "", isOutage = false, isLost = isOutage } = {}) {
    super(message);
    Object.assign(this, { status, code, isOutage, isLost });
  }
}

/**
 * Ask, and ask again while the server is away or busy. An outage that began earlier counts, so
 * that during a long one every request is tried once and fails at once.
 * @param {string} path
 * @param {{method?: string, body?: string | object, signal?: AbortSignal, bearer?: string | null,
 *   onOutage?: () => void}} options
 * @returns {Promise<any>} the answer's JSON
 * @throws {RequestError}
 */
export async function exchange(path, { onOutage = () => {}, ...options }) {
  const began = performance.now();
  for (let tried = 0; ; tried += 1) {
    const { answer, error, after } = await ask(path, options);
    if (error?.isOutage) onOutage();
    if (!error) return answer;
    if (after === null) throw error;
    const wait = Math.max(after, pause(tried));
    // Another request may have been answered in this very moment.
    const end = error.isOutage ? (awaySince ?? performance.now()) + OUTAGE : began + BUSY;
    if (performance.now() + wait > end) throw error;
    await sleep(wait, options.signal);
  }
}

/** Ask once: the answer, or what is wrong and after how many milliseconds to ask again. */
async function ask(path, { method = "GET", body, signal, bearer = null }) {
  try {
    const response = await fetch(new URL(path.replace(/^\//, ""), ROOT), {
      method,
      signal: signal ?? AbortSignal.timeout(ANSWER),
      cache: "no-store",
      headers: {
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...(bearer === null ? {} : { Authorization: `Bearer ${bearer}` }),
      },
      body: typeof body === "object" ? JSON.stringify(body) : body,
    });
    if (!response.ok) return await refused(response);
    // A server that goes away in the middle of its answer leaves half of it.
    const answer = await response.json();
    awaySince = null;
    return { answer };
  } catch (error) {
    if (signal?.aborted) throw error;
    awaySince ??= performance.now();
    return { error: new RequestError(UNREACHABLE, { isOutage: true }), after: 0 };
  }
}

async function refused(response) {
  const { status } = response;
  const said = (await response.json().catch(() => null))?.error;
  const isOutage = AWAY.has(status);
  awaySince = isOutage ? (awaySince ?? performance.now()) : null;
  const isBusy = status === 429;
  const other = isOutage ? UNREACHABLE : `The HealthSheet server answered ${status}. Try again.`;
  const { code = "", message = other } = said ?? {};
  const error = new RequestError(message, { status, code, isOutage, isLost: isOutage || isBusy });
  return { error, after: isOutage || isBusy ? secondsAfter(response) : null };
}

/** Milliseconds after which the server wants to be asked again. */
function secondsAfter(response) {
  const seconds = Number(response.headers.get("Retry-After"));
  return Number.isFinite(seconds) ? seconds * 1_000 : 0;
}

/** Longer each time, and never the same, so that all windows do not come back in one moment. */
function pause(tried) {
  return Math.min(FIRST_WAIT * 2 ** tried, LONGEST_WAIT) * (0.75 + Math.random() / 2);
}

function sleep(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}
