/**
 * Everything that touches Excel: what is selected, the row and its headers, and the few things that
 * the pane writes, each of them only when a person asks for it.
 */

import {
  at, freeName, headerIndex, identities, isBlank, letters, ownTable, plain, positions, prefix, safe,
} from "./cells.js";

/** Rows under the top of a sheet among which the header row is looked for. */
const TOP = 20;
const MOST_COLUMNS = 500;
/** Rows among which earlier ones of an account are looked for. */
const MOST_ROWS = 50_000;
const MOST_EARLIER = 60;
const HISTORY = "Score history";
const OVERRIDES = "Overrides";
const MODEL_SHEET = /^Model( \d+)?$/;
/** Excel waits until a person has finished typing in a cell. */
const PATIENT = { delayForCellEdit: true };

/**
 * @typedef {{headers: unknown[], rows: unknown[][], at: number[] | null}} Earlier
 * @typedef {{sheet: string, at: string, row: number, headerRow: number, headerAt: string,
 *   headers: unknown[], values: unknown[], account: string, earlier: Earlier | null,
 *   overrides: Earlier | null}} Row
 * @typedef {{account: string[], name: string[], date: string[]}} HeaderTexts
 */

/** Whether the page runs in Excel. */
export async function inExcel() {
  const { Office } = globalThis;
  if (typeof Office?.onReady !== "function") return false;
  const { host } = await Office.onReady();
  return host === "Excel";
}

/** Whether Office shows itself dark; null where it does not say. */
export function isOfficeDark() {
  const colour = globalThis.Office?.context?.officeTheme?.bodyBackgroundColor;
  const found = /^#?([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})/i.exec(colour ?? "");
  if (!found) return null;
  const [red, green, blue] = found.slice(1).map((part) => parseInt(part, 16));
  return 0.299 * red + 0.587 * green + 0.114 * blue < 128;
}

/**
 * Be told when another cell is selected, and when cells change, by hand or by calculation.
 * @param {() => void} onSelect
 * @param {() => void} onChange
 */
export function watch(onSelect, onChange) {
  return Excel.run(async (context) => {
    const { workbook } = context;
    workbook.onSelectionChanged.add(async () => onSelect());
    workbook.worksheets.onChanged.add(async () => onChange());
    workbook.worksheets.onCalculated.add(async () => onChange());
    await context.sync();
  });
}

/**
 * The account's row in which the active cell stands, and what the workbook tells beside it.
 * @param {HeaderTexts} texts by which columns of accounts and dates are known
 * @param {Record<string, number>} headerRows sheets whose header row a person chose, 1-based
 * @returns {Promise<Row | null>} null where the cell stands in no row under headers
 */
export function readRow(texts, headerRows) {
  return Excel.run(async (context) => {
    const cell = context.workbook.getActiveCell();
    const area = await areaAround(context, cell, headerRows, texts);
    if (!area) return null;
    const { sheet, top, bottom, left, width, headers } = area;
    const range = sheet.getRangeByIndexes(cell.rowIndex, left, 1, width).load("values");
    const others = sheetsBeside(context, [HISTORY, OVERRIDES]);
    await context.sync();
    const values = range.values[0];
    if (values.every(isBlank)) return null;
    const columns = positions(headers, texts.account);
    const named = positions(headers, texts.name)[0] ?? columns[0];
    const who = identities(columns.map((column) => values[column]));
    const here = {
      sheet, top: top + 1, left, width, headers,
      height: Math.min(bottom - top, MOST_ROWS),
      skip: cell.rowIndex,
    };
    const [history, overrides] = others.map(withHeaders);
    const dated = positions(headers, texts.date).length > 0;
    return {
      sheet: cell.worksheet.name,
      at: at(cell.rowIndex, left),
      row: cell.rowIndex + 1,
      headerRow: top + 1,
      headerAt: `${at(top, left)}:${at(top, left + width - 1)}`,
      headers,
      values,
      account: named === undefined ? "" : String(values[named]),
      earlier: await rowsOf(context, dated ? here : history, who, texts),
      overrides: await rowsOf(context, overrides, who, texts),
    };
  });
}

/** The table around a cell: an Excel table, else what is used on its sheet under a header row. */
async function areaAround(context, cell, headerRows, texts) {
  cell.load("rowIndex,columnIndex,worksheet/name");
  const sheet = cell.worksheet;
  const tables = cell.getTables(false).load("items/name,items/showHeaders,items/showTotals");
  const used = sheet.getUsedRangeOrNullObject(true);
  used.load("rowIndex,columnIndex,rowCount,columnCount");
  await context.sync();
  if (used.isNullObject) return null;
  const table = tables.items.find(({ showHeaders }) => showHeaders);
  const whole = table ? table.getRange() : used;
  whole.load("rowIndex,columnIndex,rowCount,columnCount");
  await context.sync();
  const height = whole.rowCount - (table?.showTotals ? 1 : 0);
  const end = whole.rowIndex + height;
  const width = Math.min(whole.columnCount, MOST_COLUMNS);
  if (cell.rowIndex <= whole.rowIndex || cell.rowIndex >= end) return null;
  const count = table ? 1 : Math.min(TOP, cell.rowIndex - whole.rowIndex);
  const top = sheet.getRangeByIndexes(whole.rowIndex, whole.columnIndex, count, width);
  const chosen = table ? undefined : headerRows[cell.worksheet.name];
  const given = chosen && chosen - 1 < cell.rowIndex
    ? sheet.getRangeByIndexes(chosen - 1, whole.columnIndex, 1, width).load("values")
    : null;
  top.load("values");
  await context.sync();
  const index = given ? chosen - 1 - whole.rowIndex : table ? 0 : headerIndex(top.values);
  if (index < 0 && !given) return null;
  const headers = given ? given.values[0] : top.values[index];
  const column = cell.columnIndex - whole.columnIndex;
  const [from, to] = table ? [0, width] : ownTable(headers, column, texts.account);
  return {
    sheet,
    top: whole.rowIndex + index,
    bottom: end - 1,
    left: whole.columnIndex + from,
    width: to - from,
    headers: headers.slice(from, to),
  };
}

function sheetsBeside(context, names) {
  return names.map((name) => {
    const sheet = context.workbook.worksheets.getItemOrNullObject(name);
    const used = sheet.getUsedRangeOrNullObject(true);
    const first = used.getRow(0);
    used.load("rowIndex,columnIndex,rowCount,columnCount");
    first.load("values");
    return { sheet, used, first };
  });
}

function withHeaders({ sheet, used, first }) {
  if (sheet.isNullObject || used.isNullObject || used.rowCount < 2) return null;
  return {
    sheet,
    top: used.rowIndex + 1,
    left: used.columnIndex,
    width: Math.min(used.columnCount, MOST_COLUMNS),
    height: Math.min(used.rowCount - 1, MOST_ROWS),
    headers: first.values[0].slice(0, MOST_COLUMNS),
    skip: -1,
  };
}

/** The rows of an account in a table, the last ones where there are many. */
async function rowsOf(context, table, who, texts) {
  const columns = table ? positions(table.headers, texts.account) : [];
  if (columns.length === 0 || who.size === 0) return null;
  const { sheet, top, left, width, height, skip } = table;
  const named = columns.map((column) =>
    sheet.getRangeByIndexes(top, left + column, height, 1).load("values"));
  await context.sync();
  const found = [];
  for (let index = 0; index < height; index += 1) {
    const those = identities(named.map(({ values }) => values[index][0]));
    const isSame = [...those].some((text) => who.has(text));
    if (isSame && top + index !== skip) found.push(top + index);
  }
  const kept = found.slice(-MOST_EARLIER);
  if (kept.length === 0) return null;
  const rows = kept.map((row) => sheet.getRangeByIndexes(row, left, 1, width).load("values"));
  await context.sync();
  return {
    headers: table.headers,
    rows: rows.map(({ values }) => values[0]),
    at: skip === -1 ? null : kept.map((row) => row + 1),
  };
}

/** Names of the sheets that hold a model. */
export function modelSheets() {
  return Excel.run(async (context) => {
    const sheets = context.workbook.worksheets.load("items/name");
    await context.sync();
    return sheets.items.map(({ name }) => name).filter((name) => MODEL_SHEET.test(name));
  });
}

/**
 * The cells of a sheet from A1 on, and the range as a formula names it.
 * @param {string} name
 * @returns {Promise<{rows: unknown[][], range: string} | null>} null without such a sheet
 */
export function readSheet(name) {
  return Excel.run(async (context) => {
    const sheet = context.workbook.worksheets.getItemOrNullObject(name);
    const used = sheet.getUsedRangeOrNullObject(true);
    used.load("rowIndex,columnIndex,rowCount,columnCount");
    await context.sync();
    if (sheet.isNullObject || used.isNullObject) return null;
    const rows = used.rowIndex + used.rowCount;
    const columns = used.columnIndex + used.columnCount;
    const range = sheet.getRangeByIndexes(0, 0, rows, columns).load("values");
    await context.sync();
    const end = `$${letters(columns - 1)}$${rows}`;
    return { rows: range.values, range: `${prefix(name)}$A$1:${end}` };
  });
}

/** What the pane keeps in the workbook under a name; null where it keeps nothing. */
export function setting(name) {
  return Excel.run(async (context) => {
    const found = context.workbook.settings.getItemOrNullObject(name).load("value");
    await context.sync();
    return found.isNullObject ? null : found.value;
  });
}

/** Keep something in the workbook. */
export function keep(name, value) {
  return Excel.run(PATIENT, async (context) => {
    context.workbook.settings.add(name, value);
    await context.sync();
  });
}

/** Where the active cell stands, and whether it is blank. */
export function activeCell() {
  return Excel.run(async (context) => {
    const cell = context.workbook.getActiveCell();
    cell.load("formulas,rowIndex,columnIndex,worksheet/name");
    await context.sync();
    const { rowIndex: row, columnIndex: column } = cell;
    const sheet = cell.worksheet.name;
    return { sheet, row, column, at: at(row, column), blank: isBlank(cell.formulas[0][0]) };
  });
}

/** Select a cell, as a click does. */
export function goTo(sheet, address) {
  return Excel.run(PATIENT, async (context) => {
    const place = context.workbook.worksheets.getItem(sheet);
    place.activate();
    place.getRange(address).select();
    await context.sync();
  });
}

/**
 * Put a formula into a blank cell.
 * @returns {Promise<boolean>} false, and nothing written, where the cell is not blank any more
 */
export function putFormula(sheet, address, formula) {
  return Excel.run(PATIENT, async (context) => {
    const cell = context.workbook.worksheets.getItem(sheet).getRange(address).load("formulas");
    await context.sync();
    if (!isBlank(cell.formulas[0][0])) return false;
    cell.formulas = [[formula]];
    await context.sync();
    return true;
  });
}

/**
 * Change the text of one cell.
 * @returns {Promise<boolean>} false, and nothing written, where it does not hold *from* any more
 */
export function retype(sheet, address, from, to) {
  return Excel.run(PATIENT, async (context) => {
    const cell = context.workbook.worksheets.getItem(sheet).getRange(address).load("values");
    await context.sync();
    if (plain(cell.values[0][0]) !== plain(from)) return false;
    cell.values = [[safe(to)]];
    await context.sync();
    return true;
  });
}

/**
 * Add a sheet with rows of values, and show it. No sheet that is there changes.
 * @param {string} wanted its name; a number follows where that is taken
 * @param {unknown[][]} rows of one length
 * @param {{formats?: string[], isTable?: boolean, select?: string}} [options] number formats of the
 *   columns, whether the rows become an Excel table, the cell to select
 * @returns {Promise<string>} the name
 */
export function addSheet(wanted, rows, { formats = [], isTable = false, select = "A1" } = {}) {
  return Excel.run(PATIENT, async (context) => {
    const sheets = context.workbook.worksheets.load("items/name");
    await context.sync();
    const name = freeName(wanted, sheets.items.map((item) => item.name));
    const sheet = sheets.add(name);
    const width = rows[0].length;
    const range = sheet.getRangeByIndexes(0, 0, rows.length, width);
    formats.forEach((format, column) => {
      if (format === "General") return;
      const body = sheet.getRangeByIndexes(1, column, rows.length - 1, 1);
      body.numberFormat = rows.slice(1).map(() => [format]);
    });
    range.values = rows.map((row) => row.map(safe));
    sheet.getRangeByIndexes(0, 0, 1, width).format.font.bold = true;
    if (isTable) sheet.tables.add(`A1:${at(rows.length - 1, width - 1)}`, true);
    range.format.autofitColumns();
    sheet.activate();
    sheet.getRange(select).select();
    await context.sync();
    return name;
  });
}
