/** What stands in cells of the workbook: asked through Excel's object model, all in one go. */

/** Excel refuses while a cell is being edited. */
const TRIES = 10;
const WAIT = 500;
/** Milliseconds after which Excel is taken not to answer at all. */
const LONGEST = 20_000;
/** The rectangle around ranges is read in one piece where it has at most this many times more. */
const WASTE = 4;
const ADDRESS = /^(.+)!\$?([A-Z]+)\$?(\d+)(?::\$?([A-Z]+)\$?(\d+))?$/;

/** @typedef {{sheet: string, top: number, left: number, bottom: number, right: number}} Area */

/**
 * The types of the cells of ranges: "Empty", "Double" and the like.
 * @param {string[]} addresses such as Sheet1!A2:R2
 * @returns {Promise<(string[][] | null)[]>} null where Excel cannot say, as for another workbook
 */
export async function readTypes(addresses) {
  const areas = addresses.map(areaOf);
  const pieces = piecesOf(areas.filter((area) => area !== null));
  const read = await tried(() => load(pieces));
  return areas.map((area) => {
    const at = pieces.findIndex((piece) => area && covers(piece, area));
    const { top, left } = pieces[at] ?? {};
    return read?.[at]
      ?.slice(area.top - top, area.bottom - top + 1)
      .map((row) => row.slice(area.left - left, area.right - left + 1)) ?? null;
  });
}

/** @returns {Promise<(string[][] | null)[]>} */
function load(pieces) {
  return globalThis.Excel.run(async (context) => {
    const { worksheets } = context.workbook;
    worksheets.load("items/name");
    await context.sync();
    const names = new Set(worksheets.items.map(({ name }) => name));
    const ranges = pieces.map(({ sheet, top, left, bottom, right }) => {
      if (!names.has(sheet)) return null;
      const [rows, columns] = [bottom - top + 1, right - left + 1];
      const range = worksheets.getItem(sheet).getRangeByIndexes(top, left, rows, columns);
      return range.load("valueTypes");
    });
    await context.sync();
    return ranges.map((range) => range?.valueTypes ?? null);
  });
}

/** Formulas of a column read one row each: together these are one rectangle. */
function piecesOf(areas) {
  const bySheet = new Map();
  for (const area of areas) {
    if (!bySheet.has(area.sheet)) bySheet.set(area.sheet, []);
    bySheet.get(area.sheet).push(area);
  }
  return [...bySheet.values()].flatMap((group) => {
    const around = group.reduce(union);
    const cells = group.reduce((sum, area) => sum + cellsOf(area), 0);
    return cellsOf(around) <= WASTE * cells ? [around] : group;
  });
}

function union(a, b) {
  return {
    sheet: a.sheet,
    top: Math.min(a.top, b.top),
    left: Math.min(a.left, b.left),
    bottom: Math.max(a.bottom, b.bottom),
    right: Math.max(a.right, b.right),
  };
}

function covers(piece, area) {
  return piece.sheet === area.sheet && piece.top <= area.top && piece.left <= area.left &&
    piece.bottom >= area.bottom && piece.right >= area.right;
}

function cellsOf({ top, left, bottom, right }) {
  return (bottom - top + 1) * (right - left + 1);
}

/** @returns {Area | null} counted from 0 */
function areaOf(address) {
  const found = ADDRESS.exec(address);
  if (found === null) return null;
  const [, name, left, top, right = left, bottom = top] = found;
  const sheet = name.replace(/^'(.*)'$/, "$1").replaceAll("''", "'");
  return { sheet, top: top - 1, left: column(left), bottom: bottom - 1, right: column(right) };
}

function column(letters) {
  return [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

async function tried(read) {
  const late = after(LONGEST).then(() => null);
  for (let count = 0; count < TRIES && globalThis.Excel?.run; count += 1) {
    try {
      return await Promise.race([read(), late]);
    } catch {
      await after(WAIT);
    }
  }
  return null;
}

function after(milliseconds) {
  return new Promise((resolve) => { setTimeout(resolve, milliseconds); });
}
