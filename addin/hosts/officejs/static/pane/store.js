/**
 * What the pane knows: the selected row, its explanation, the model, the connection. Views read it
 * and are told of every change.
 */

import * as sheet from "./sheet.js";
import { clock, today } from "./words.js";

/** Milliseconds of rest after which a selection counts: arrow keys run over many rows. */
const REST = 150;
/** Milliseconds after which a skeleton says that a score is on its way. */
const SLOW = 300;
/** Milliseconds after which nobody waits for an answer any more. */
const LATE = 30_000;
const CHOICE = "healthsheet.model";
const HEADERS = "healthsheet.headerRows";

/**
 * @typedef {import("./sheet.js").Row} Row
 * @typedef {object} State
 * @property {Row | null} row the selected row
 * @property {object | null} found its explanation; null while there is none
 * @property {string} time when `found` was computed, 09:38
 * @property {Row | null} pinned the row that was explained last: formulas speak of it wherever
 *   they are put
 * @property {number} version counts explanations
 * @property {number} edits counts changes of cells
 * @property {Error | null} error why there is none
 * @property {boolean} isLoading
 * @property {boolean} isSlow whether loading takes so long that it shows
 * @property {boolean} isStarted whether the first look at the sheet is over
 * @property {string} choice model that a person chose: a preset, "sheet:Model", or "headers" for
 *   what fits the headers; "" where nobody chose
 * @property {string[]} modelSheets
 * @property {object[]} models presets
 * @property {"connected" | "offline" | "signed-out"} connection
 * @property {string} lostAt since when it is not connected, 09:41
 */

/**
 * @param {{request: Function, connection: () => State["connection"]}} server
 */
export function createStore({ request, connection }) {
  /** @type {State} */
  const state = {
    row: null, found: null, time: "", pinned: null, version: 0, edits: 0, error: null, isLoading: false, isSlow: false,
    isStarted: false, choice: "", modelSheets: [], models: [], connection: connection(),
    lostAt: "",
  };
  const listeners = new Set();
  /** The last result of each account, for times without a connection. */
  const results = new Map();
  let texts = null;
  let headerRows = {};
  /** Sheets named like a model that hold none: nobody chose them, so they are passed over. */
  const otherSheets = new Set();
  let asked = "";
  let turn = 0;
  /** @type {AbortController | null} Of the request under way. */
  let asking = null;
  let timer = 0;

  function tell(changes) {
    Object.assign(state, changes);
    for (const listener of listeners) listener(state);
  }

  /** The names of presets and headers, and what the workbook keeps. */
  async function start() {
    try {
      const [choice, rows, sheets] = await Promise.all(
        [sheet.setting(CHOICE), sheet.setting(HEADERS), sheet.modelSheets()]);
      headerRows = rows ?? {};
      tell({ choice: choice ?? "", modelSheets: sheets });
      await sheet.watch(selectedSoon, changed);
    } catch (error) {
      tell({ error });
    }
    await look();
  }

  async function names() {
    if (texts) return;
    const found = await request("/v1/models");
    texts = found.headers;
    tell({ models: found.models });
  }

  function selectedSoon() {
    clearTimeout(timer);
    timer = setTimeout(look, REST);
  }

  function changed() {
    state.edits += 1;
    selectedSoon();
  }

  /** Read what is selected, and have it explained where it is something new. */
  async function look() {
    const mine = (turn += 1);
    try {
      await names();
      const row = await sheet.readRow(texts, headerRows);
      if (mine !== turn) return;
      const before = state.row;
      if (!row) stopAsking();
      const isOther = !row || before?.sheet !== row.sheet || before.row !== row.row;
      tell({ row, isStarted: true, ...(isOther ? { found: null, error: null } : {}) });
      if (row) await explain(row, mine);
    } catch (error) {
      if (mine !== turn) return;
      tell({ error, row: null, found: null, isStarted: true, isLoading: false, isSlow: false });
    }
  }

  function stopAsking() {
    asking?.abort();
    asking = null;
    asked = "";
    tell({ isLoading: false, isSlow: false });
  }

  async function explain(row, mine) {
    const body = await question(row);
    // Two sheets may hold the same row at the same place.
    const text = row.sheet + JSON.stringify(body);
    // What is being asked, or was answered, need not be asked again.
    if (mine !== turn || (text === asked && !state.error)) return;
    asking?.abort();
    const own = new AbortController();
    asking = own;
    asked = text;
    tell({ isLoading: true, isSlow: false, error: null });
    const slow = setTimeout(() => asking === own && tell({ isSlow: true }), SLOW);
    const late = setTimeout(() => own.abort(tooLate()), LATE);
    try {
      const options = { method: "POST", body, signal: own.signal };
      const found = await request("/v1/explain", options);
      if (asking === own) answered(row, found);
    } catch (error) {
      if (asking === own) await refused(error);
    } finally {
      clearTimeout(slow);
      clearTimeout(late);
    }
  }

  function answered(row, found) {
    asking = null;
    const time = clock(new Date());
    if (found.verdict) results.set(keyOf(row), { found, time });
    const version = state.version + 1;
    tell({ found, time, version, pinned: row, isLoading: false, isSlow: false, error: null });
  }

  async function refused(error) {
    asking = null;
    asked = "";
    if (error.status === 422 && !state.choice && chosenSheet()) {
      otherSheets.add(chosenSheet());
      await look();
      return;
    }
    tell({ error, isLoading: false, isSlow: false });
  }

  /** The question about a row as the server takes it. */
  async function question(row) {
    const { headers, values, at, headerRow, earlier, overrides } = row;
    const model = await wanted();
    return { today: today(), headers, row: values, at, headerRow, model, earlier, overrides };
  }

  /** The model to score with: as chosen, else a Model sheet, else what fits the headers. */
  async function wanted() {
    const name = chosenSheet();
    if (!name) return state.choice === "headers" ? null : state.choice || null;
    const found = await sheet.readSheet(name);
    if (found) return found;
    tell({ choice: "", modelSheets: await sheet.modelSheets() });
    return null;
  }

  function chosenSheet() {
    if (state.choice) return state.choice.startsWith("sheet:") ? state.choice.slice(6) : "";
    return state.modelSheets.find((name) => !otherSheets.has(name)) ?? "";
  }

  async function choose(choice) {
    tell({ choice, modelSheets: await sheet.modelSheets() });
    await sheet.keep(CHOICE, choice);
    await again();
  }

  /** Take the row of the active cell as the header row of its sheet. */
  async function chooseHeaders() {
    const cell = await sheet.activeCell();
    headerRows = { ...headerRows, [cell.sheet]: cell.row + 1 };
    await sheet.keep(HEADERS, headerRows);
    await again();
    return cell;
  }

  function connect(next) {
    const lostAt = next === "connected" ? "" : state.lostAt || clock(new Date());
    tell({ connection: next, lostAt });
    if (next === "connected") again();
  }

  function again() {
    asked = "";
    return look();
  }

  return {
    state,
    start,
    again,
    choose,
    chooseHeaders,
    connect,
    question,
    chosenSheet,
    wanted,
    subscribe: (listener) => listeners.add(listener),
    /** The last result of the selected account. */
    last: () => (state.row ? results.get(keyOf(state.row)) ?? null : null),
  };
}

function tooLate() {
  return new Error(`The server did not answer within ${LATE / 1_000} seconds. Try again.`);
}

function keyOf({ sheet: name, account, at }) {
  return `${name}\n${account || at}`;
}
