/**
 * Excel's values → the wire, and the wire's results → what Excel's runtime takes.
 *
 * Excel hands over a number (a date is its serial number), a text, yes or no, null for an argument
 * that is left out or a blank cell (older ones "" for a blank cell), rows of cells for a range, and
 * an object for an error cell or a rich value.
 */

/** Errors that a custom function can throw; Excel shows the others only where they are a value. */
const THROWN = new Set(["#VALUE!", "#N/A", "#NUM!", "#DIV/0!", "#NULL!"]);
const SHOWN = new Set([...THROWN, "#REF!", "#NAME?"]);
/** What stands for an error that Excel has, and a custom function cannot give. */
const NEAREST = new Map([
  ["#GETTING_DATA", "#N/A"],
  ["#BUSY!", "#N/A"],
  ["#CONNECT!", "#N/A"],
  ["#UNKNOWN!", "#N/A"],
]);
/** Names of errors in Excel's data types, which say no code of their own. */
const CODES = new Map([
  ["Blocked", "#BLOCKED!"],
  ["Busy", "#BUSY!"],
  ["Calc", "#CALC!"],
  ["Connect", "#CONNECT!"],
  ["Div0", "#DIV/0!"],
  ["Field", "#FIELD!"],
  ["GettingData", "#GETTING_DATA"],
  ["Name", "#NAME?"],
  ["NotAvailable", "#N/A"],
  ["Null", "#NULL!"],
  ["Num", "#NUM!"],
  ["Ref", "#REF!"],
  ["Spill", "#SPILL!"],
  ["Value", "#VALUE!"],
]);

/**
 * An argument as JSON.
 * @param {unknown} argument one cell or, for a range, rows of cells
 * @returns {{json: string, isRange: boolean}}
 */
export function encodeArgument(argument) {
  if (!Array.isArray(argument)) return { json: JSON.stringify(plain(argument)), isRange: false };
  const simple = argument.every((row) => row.every(isSimple));
  const rows = simple ? argument : argument.map((row) => row.map(plain));
  return { json: JSON.stringify(rows), isRange: true };
}

/**
 * A result of the wire as rows, for every function may spill.
 * @param {unknown} result
 * @returns {unknown[][]}
 * @throws {CustomFunctions.Error} where the whole result is an error that can be thrown
 */
export function decodeResult(result) {
  if (!isObject(result)) return [[shown(result)]];
  if (Array.isArray(result.rows)) return result.rows.map((row) => row.map(cellOf));
  const error = cellOf(result);
  if (THROWN.has(error.code)) throw error;
  return [[error]];
}

/**
 * An error as Excel's runtime takes it. Excel shows the message with #VALUE! and #N/A.
 * @param {string} code
 * @param {string} [message]
 */
export function excelError(code, message) {
  const nearest = SHOWN.has(code) ? code : (NEAREST.get(code) ?? "#VALUE!");
  return new CustomFunctions.Error(nearest, message);
}

/** Cells that JSON writes as they are. */
function isSimple(cell) {
  return typeof cell === "number" || typeof cell === "string" || typeof cell === "boolean" ||
    cell === null;
}

/** A cell without Excel's own objects. */
function plain(cell) {
  if (cell === undefined) return null;
  if (!isObject(cell)) return cell;
  if (cell.type === "Empty") return null;
  if (isError(cell)) return { error: codeOf(cell) };
  // Stocks, places and the like: the text that the cell shows.
  if (typeof cell.text === "string") return cell.text;
  return isSimple(cell.basicValue) && cell.basicType !== "Error"
    ? cell.basicValue
    : { error: "#VALUE!" };
}

function isError(cell) {
  return cell.type === "Error" || cell.type === "CustomFunctionError" || cell instanceof Error;
}

function codeOf(error) {
  const code = error.code ?? error.basicValue;
  if (typeof code === "string" && code.startsWith("#")) return code;
  return CODES.get(error.errorType) ?? "#VALUE!";
}

function cellOf(cell) {
  return isObject(cell) ? excelError(cell.error, cell.message) : shown(cell);
}

/** Excel shows 0 for a null. */
function shown(cell) {
  return cell ?? "";
}

function isObject(value) {
  return typeof value === "object" && value !== null;
}
