/** Calls → the bodies of requests. */

const MOST_CALLS = 2_000;
/** Of a request, in characters; one range may be larger. */
const MOST_TEXT = 1_500_000;

/**
 * @typedef {{id: number, json: string}} Range a range that calls share
 * @typedef {{name: string, parts: (string | Range)[], key: string,
 *   resolve: (rows: unknown[][]) => void, reject: (error: Error) => void}} Call
 */

/**
 * Calls as portions that fit a request each.
 * @param {Call[]} calls
 * @returns {Call[][]}
 */
export function portions(calls) {
  const found = [];
  let portion = [];
  let seen = new Set();
  let size = 0;
  for (const one of calls) {
    let added = sizeOf(one, seen);
    if (portion.length === MOST_CALLS || (portion.length > 0 && size + added > MOST_TEXT)) {
      found.push(portion);
      [portion, seen, size] = [[], new Set(), 0];
      added = sizeOf(one, seen);
    }
    portion.push(one);
    one.parts.forEach((part) => seen.add(part));
    size += added;
  }
  if (portion.length > 0) found.push(portion);
  return found;
}

/** Characters that a call adds to a request which holds the ranges *seen* already. */
function sizeOf(call, seen) {
  let size = call.name.length;
  for (const part of call.parts) {
    if (typeof part === "string") size += part.length;
    else if (!seen.has(part)) size += part.json.length;
  }
  return size;
}

/**
 * A request's body; written by hand because ranges are JSON already.
 * @param {Call[]} calls
 * @returns {string}
 */
export function bodyOf(calls) {
  const places = new Map();
  const written = calls.map((call) => {
    const parts = call.parts.map((part) => {
      if (typeof part === "string") return part;
      if (!places.has(part)) places.set(part, places.size);
      return `{"range":${places.get(part)}}`;
    });
    return `[${JSON.stringify(call.name)},[${parts}]]`;
  });
  const ranges = Array.from(places.keys(), (range) => range.json);
  return `{"today":"${today()}","ranges":[${ranges}],"calls":[${written}]}`;
}

/** The day where the person is, which the server's clock does not tell: 2026-11-22. */
export function today() {
  const now = new Date();
  const two = (number) => String(number).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}
