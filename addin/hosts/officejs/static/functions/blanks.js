/**
 * Gives blank cells back their meaning. Newer Excel hands over null for a blank cell, older Excel
 * 0, and neither says which it is. A missing value is no zero, so where Excel may be an old one the
 * sheet is asked about the cells that came as 0, as Microsoft advises its developers.
 */

import { readTypes } from "./sheets.js";

/** Whether this Excel was seen to hand over null: then a 0 is a zero. */
let tellsApart = false;
/** Whether this Excel was seen to hand over 0 for a blank cell. */
let mixesUp = false;
/** @type {Question[]} What the calls of this moment ask, to be read together. */
let questions = [];

/** @typedef {{address: string, answer: (types: string[][] | null) => void}} Question */

/**
 * Arguments with null where a cell is blank.
 * @param {unknown[]} given as Excel hands them over
 * @param {(string | null)[] | undefined} addresses where each of them stands
 * @returns {unknown[] | Promise<unknown[]>} at once where there is nothing to ask
 */
export function withBlanks(given, addresses) {
  tellsApart ||= given.some((argument) => holds(argument, null));
  if (tellsApart || !addresses) return given;
  const doubtful = given.map((argument, i) => Boolean(addresses[i]) && holds(argument, 0));
  if (!doubtful.includes(true)) return given;
  return Promise.all(
    given.map((argument, i) => (doubtful[i] ? restored(argument, addresses[i]) : argument)),
  );
}

async function restored(argument, address) {
  const types = await new Promise((answer) => {
    if (questions.push({ address, answer }) === 1) queueMicrotask(askAll);
  });
  const isBlank = (cell, row, column) => cell === 0 && types?.[row]?.[column] === "Empty";
  if (types === null && mixesUp) {
    throw new Error("Excel did not tell which cells are blank. Recalculate.");
  }
  if (!Array.isArray(argument)) return note(isBlank(argument, 0, 0)) ? null : argument;
  return argument.map((cells, row) =>
    cells.map((cell, column) => (note(isBlank(cell, row, column)) ? null : cell)));
}

/** Excel invokes the functions of a recalculation in one go, so all of them are known by now. */
async function askAll() {
  const asked = questions;
  questions = [];
  const found = await readTypes(asked.map(({ address }) => address));
  asked.forEach(({ answer }, index) => answer(found[index]));
}

function note(isBlank) {
  mixesUp ||= isBlank;
  return isBlank;
}

/** Whether a cell of a range is *wanted*, or the one value 0. */
function holds(argument, wanted) {
  if (!Array.isArray(argument)) return wanted === 0 && argument === 0;
  return argument.some((row) => row.includes(wanted));
}
