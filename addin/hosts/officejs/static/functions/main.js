/** Gives Excel an implementation for every cell function: a call becomes part of a request. */

import { createBatch } from "./batch.js";
import { withBlanks } from "./blanks.js";
import { excelError } from "./codec.js";
import { recalculate } from "./recalculate.js";
import { request, subscribe } from "./session.js";

/** Whether cells failed for want of a connection or of sign-in. */
let isLost = false;
/** Whether a recalculation of ours may be tried: not twice without an answer in between. */
let mayRecalculate = true;

const call = createBatch({
  request,
  onAnswer: (lost) => {
    isLost = isLost || lost;
    if (!lost) mayRecalculate = true;
  },
});

subscribe((state) => {
  if (state !== "connected" || !isLost || !mayRecalculate) return;
  isLost = false;
  mayRecalculate = false;
  recalculate();
});

/**
 * Tell Excel which of its functions we compute.
 * @param {string[]} names
 */
export function associate(names) {
  // The pane can be looked at in a browser too, where there is no Excel.
  const runtime = globalThis.CustomFunctions;
  if (typeof runtime?.associate !== "function") return;
  for (const name of names) runtime.associate(name, (...given) => invoke(name, given));
}

/** Excel hands over the arguments, and behind them what it knows about the call. */
function invoke(name, given) {
  const invocation = given.pop();
  const found = withBlanks(given, invocation.parameterAddresses);
  if (Array.isArray(found)) return call(name, found);
  return found.then(
    (restored) => call(name, restored),
    (error) => { throw excelError("#N/A", error.message); },
  );
}
