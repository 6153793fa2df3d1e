/**
 * Calls of a recalculation → few requests. Identical calls are asked once, identical ranges sent
 * once, however many cells wait for them.
 */

import { decodeResult, encodeArgument, excelError } from "./codec.js";
import { bodyOf, portions } from "./portions.js";

/** @typedef {import("./portions.js").Call} Call */
/** @typedef {import("./portions.js").Range} Range */

/** Milliseconds without a further call after which a recalculation counts as handed over. */
const QUIET = 10;
/** Milliseconds after which calls are sent although others keep coming. */
const LONGEST = 60;
const IN_FLIGHT = 4;
/**
 * Milliseconds for which an answer waits for others that are under way: Excel's runtime hands
 * results over at most every half second, so what comes a little later would wait that long.
 */
const HOLD = 250;
/** Milliseconds after which a request counts as lost: #BUSY! must end. */
const DEADLINE = 60_000;

/**
 * A function that takes calls and gives promises of their results.
 * @param {object} given
 * @param {(path: string, options: object) => Promise<{results: unknown[]}>} given.request
 * @param {(isLost: boolean) => void} [given.onAnswer] told after every request whether its cells
 *   failed for want of a connection or of sign-in
 * @returns {(name: string, argumentsGiven: unknown[]) => Promise<unknown[][]>}
 */
export function createBatch({ request, onAnswer = () => {} }) {
  /** @type {Map<string, Promise<unknown[][]>>} */
  const pending = new Map();
  /** @type {Map<string, Range>} */
  const ranges = new Map();
  /** @type {Call[]} */
  let collected = [];
  /** @type {Call[][]} */
  let waiting = [];
  /** @type {(() => void)[]} */
  const held = [];
  let holding = 0;
  let inFlight = 0;
  let ids = 0;
  let firstAt = 0;
  let lastAt = 0;

  return function call(name, argumentsGiven) {
    const parts = argumentsGiven.map(partOf);
    const key = name + parts.map((part) => (typeof part === "string" ? part : `@${part.id}`));
    const known = pending.get(key);
    if (known) return known;
    const promise = new Promise((resolve, reject) => {
      collect({ name, parts, key, resolve, reject });
    });
    pending.set(key, promise);
    return promise;
  };

  function partOf(argument) {
    const { json, isRange } = encodeArgument(argument);
    if (!isRange) return json;
    let range = ranges.get(json);
    if (!range) ranges.set(json, (range = { id: (ids += 1), json }));
    return range;
  }

  function collect(one) {
    lastAt = performance.now();
    if (collected.push(one) > 1) return;
    firstAt = lastAt;
    setTimeout(hurry, QUIET);
  }

  /** Excel hands calls over in portions; a portion that came while we waited is waited for. */
  function hurry() {
    const now = performance.now();
    const rest = Math.min(lastAt + QUIET, firstAt + LONGEST) - now;
    // A timer may fire a fraction of a millisecond early.
    if (rest >= 1) setTimeout(hurry, rest);
    else flush();
  }

  function flush() {
    waiting.push(...portions(collected));
    collected = [];
    pump();
  }

  function pump() {
    while (inFlight < IN_FLIGHT && waiting.length > 0) send(waiting.shift());
  }

  async function send(calls) {
    inFlight += 1;
    const over = new AbortController();
    let timer = 0;
    // Whatever hangs, be it the server, Excel's sign-in or a storage: cells must come to an end.
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => { reject(tooLate()); over.abort(); }, DEADLINE);
    });
    try {
      const options = { method: "POST", body: bodyOf(calls), signal: over.signal };
      const { results } = await Promise.race([request("/v1/calls", options), late]);
      settle(calls, results);
    } catch (error) {
      retreat(calls, error);
    } finally {
      clearTimeout(timer);
      inFlight -= 1;
      pump();
      if (inFlight === 0) deliver();
      else if (held.length > 0) holding ||= setTimeout(deliver, HOLD);
    }
  }

  function settle(calls, results) {
    if (!Array.isArray(results) || results.length !== calls.length) {
      throw new Error("The HealthSheet server answered in another form. Reload the add-in.");
    }
    onAnswer(false);
    held.push(() => calls.forEach((one, index) => {
      pending.delete(one.key);
      try {
        one.resolve(decodeResult(results[index]));
      } catch (error) {
        one.reject(error);
      }
    }));
  }

  function deliver() {
    clearTimeout(holding);
    holding = 0;
    held.splice(0).forEach((hand) => hand());
    if (pending.size === 0) ranges.clear();
  }

  /** What is too large together may fit in halves, and one bad call must not fail the others. */
  function retreat(calls, error) {
    if ((error.status === 413 || error.status === 400) && calls.length > 1) {
      const half = Math.ceil(calls.length / 2);
      waiting.unshift(calls.slice(0, half), calls.slice(half));
      return;
    }
    const isLost = error.isLost === true;
    fail(calls, error);
    if (!isLost) return;
    onAnswer(true);
    // Those in line would wait just as long for the same.
    const inLine = waiting;
    waiting = [];
    inLine.forEach((portion) => fail(portion, error));
  }

  function fail(calls, error) {
    const message = error.message || "The HealthSheet server did not answer. Recalculate.";
    for (const one of calls) {
      pending.delete(one.key);
      one.reject(excelError("#N/A", message));
    }
  }
}

function tooLate() {
  const seconds = DEADLINE / 1_000;
  const message = `The HealthSheet server did not answer within ${seconds} seconds. Recalculate.`;
  return Object.assign(new Error(message), { isLost: true });
}
