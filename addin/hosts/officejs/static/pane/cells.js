/** Rows of values and addresses, without Excel: which row is the header, what is safe to write. */

/** Formulas and errors, numbers and money, yes or no, and days such as "May 5". */
const TAKEN = /^[=+\-@'#]|^[\s$€£¥(]*\.?\d|^(true|false)$|^\p{L}{3,10}\.?[\s/-]*\d{1,4}$/iu;

/** Letters of a 0-based column. */
export function letters(column) {
  const before = column < 26 ? "" : letters(Math.floor(column / 26) - 1);
  return before + String.fromCharCode(65 + (column % 26));
}

/** Address of a 0-based row and column: B14. */
export function at(row, column) {
  return `${letters(column)}${row + 1}`;
}

/** A sheet as a formula names it: Accounts!, 'My sheet'! */
export function prefix(sheet) {
  return `${quoted(sheet)}!`;
}

/** Whether a cell holds nothing. */
export function isBlank(value) {
  return value === "" || value === null || value === undefined;
}

/** A header as it is compared: case, spaces, punctuation and accents do not count. */
export function plain(header) {
  const text = String(header ?? "").normalize("NFKD").toLowerCase().replaceAll("%", " pct ");
  return text.replace(/[^0-9a-z]+/g, "");
}

/**
 * Index of the header row among the first rows of a table: of the rows that hold texts alone, the
 * one with most of them; a title above it has fewer. -1 without one.
 * @param {unknown[][]} rows
 */
export function headerIndex(rows) {
  let best = -1;
  let most = 1;
  rows.forEach((row, index) => {
    const filled = row.filter((value) => !isBlank(value));
    if (filled.every((value) => typeof value === "string") && filled.length > most) {
      [best, most] = [index, filled.length];
    }
  });
  return best;
}

/**
 * Positions of headers that are one of some texts.
 * @param {unknown[]} headers
 * @param {string[]} texts as `plain` gives them
 */
export function positions(headers, texts) {
  return headers.flatMap((header, index) => (texts.includes(plain(header)) ? [index] : []));
}

/**
 * The columns that belong together with one of them: where tables of accounts stand side by side,
 * with a blank header between them and a column of accounts in each, only those of its own table.
 * @param {unknown[]} headers
 * @param {number} column
 * @param {string[]} texts of headers over accounts, as `plain` gives them
 * @returns {[number, number]} the first column and the one behind the last
 */
export function ownTable(headers, column, texts) {
  const starts = new Set(positions(headers, texts).map((position) => {
    let start = position;
    while (start > 0 && !isBlank(headers[start - 1])) start -= 1;
    return start;
  }));
  // What stands before the first one is its own.
  const further = [...starts].slice(1);
  if (further.length === 0) return [0, headers.length];
  const from = further.filter((start) => start <= column).at(-1) ?? 0;
  const to = further.find((start) => start > column) ?? headers.length;
  return [from, to];
}

/** What identifies an account: its id and name, without case. @param {unknown[]} cells */
export function identities(cells) {
  return new Set(cells.map((cell) => String(cell ?? "").trim().toLowerCase()).filter(Boolean));
}

/**
 * A value as it is written to a cell: a text that Excel would take for a formula, a number or a
 * date stays a text.
 */
export function safe(value) {
  if (value === null || value === undefined) return "";
  const isTaken = typeof value === "string" && TAKEN.test(value);
  return isTaken ? `'${value}` : value;
}

/** A sheet's name that Excel accepts and that is not taken. */
export function freeName(wanted, taken) {
  const known = new Set(taken.map((name) => name.toLowerCase()));
  const clean = wanted.replace(/[\\/?*[\]:]/g, " ").replace(/^'+|'+$/g, "").trim();
  const base = clean || "Sheet";
  for (let number = 1; ; number += 1) {
    const tail = number === 1 ? "" : ` ${number}`;
    const name = base.slice(0, 31 - tail.length).trim() + tail;
    if (!known.has(name.toLowerCase())) return name;
  }
}

function quoted(sheet) {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(sheet) ? sheet : `'${sheet.replaceAll("'", "''")}'`;
}
