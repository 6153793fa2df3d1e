/** What the buttons of the pane do. Each says in its tab what it did, or why it did not. */

import { at, prefix } from "./cells.js";
import { button, h } from "./dom.js";
import * as sheet from "./sheet.js";
import { today } from "./words.js";

/** Milliseconds for which a tab says what was done. */
const STAYS = 12_000;
const POINTS = "+0.0;\u22120.0;0.0";

/**
 * @param {object} store
 * @param {object} session
 * @param {(name: string, options?: object) => void} showTab
 */
export function createActions(store, session, showTab) {
  let signInKind = "";
  let signInError = "";
  let changed = () => {};
  /** What a tab says below its buttons, with at most one thing to do about it. */
  const said = new Map();

  function say(tab, text, act = null) {
    const one = { text, act };
    said.set(tab, one);
    document.getElementById("live").textContent = text;
    changed();
    // What can still be undone stays.
    if (!act) setTimeout(() => said.get(tab) === one && said.delete(tab) && changed(), STAYS);
  }

  /** Run, and say what went wrong. */
  function tried(tab, run) {
    return async (...given) => {
      try {
        await run(...given);
      } catch (error) {
        say(tab, sentence(error));
      }
    };
  }

  return {
    onChange: (listener) => { changed = listener; },

    /** What was done in a tab, or why not. */
    said(tab) {
      const one = said.get(tab);
      if (!one) return null;
      const { text, act } = one;
      return h("div.said", { id: `said-${tab}` }, h("p", null, text),
        act ? h("div.buttons", null, button("slight", `act-${tab}`, act.text, act.run)) : null);
    },

    again: () => store.again(),
    showColumns: () => showTab("columns", { focus: true }),
    choose: tried("model", (choice) => store.choose(choice)),
    functions: () => session.request("/v1/functions"),

    goTo: tried("columns", (address) => sheet.goTo(store.state.row.sheet, address)),

    signInState() {
      if (!signInKind) {
        signInKind = "asked";
        session.settings().then(({ signIn }) => {
          signInKind = signIn;
          changed();
        }, () => { signInKind = ""; });
      }
      return { kind: signInKind, error: signInError };
    },

    async signIn(token) {
      try {
        await session.signIn(token);
        signInError = "";
      } catch (error) {
        signInError = sentence(error);
      }
      changed();
    },

    signOut: tried("account", async () => {
      await session.signOut();
      // The button is gone, and the focus with it.
      showTab("account", { focus: true });
    }),

    insertSample: tried("account", async () => {
      const body = { today: today(), model: await store.wanted() };
      const table = await session.request("/v1/sample", { method: "POST", body });
      await sheet.addSheet("Sample accounts", [table.headers, ...table.rows],
        { formats: table.formats, isTable: true, select: "A6" });
    }),

    chooseHeaders: tried("account", async () => {
      const { sheet: name, row } = await store.chooseHeaders();
      say("account", `Row ${row + 1} of ${name} is its header row now. Click an account below it.`);
    }),

    insertExplanation: tried("account", async (found) => {
      const name = await sheet.addSheet(`Explain ${found.account || found.modelName}`, found.rows,
        { formats: ["General", POINTS, "General"] });
      say("account", `Inserted as the new sheet ${name}.`);
    }),

    copy: tried("account", async (text) => {
      await copied(text);
      say("account", "Copied.");
    }),

    rename: tried("columns", async (name, address, from, to) => {
      const isDone = await sheet.retype(name, address, from, to);
      if (!isDone) {
        say("columns", `${address} does not say ${from} any more. Nothing was changed.`);
        return;
      }
      await store.again();
      say("columns", `${address} said ${from} and says ${to} now.`, {
        text: "Undo",
        run: tried("columns", async () => {
          const isUndone = await sheet.retype(name, address, to, from);
          await store.again();
          say("columns", isUndone ? `${address} says ${from} again.` : `${address} was changed since.`);
        }),
      });
    }),

    /** A model with weights and rows: a preset by its name, or the sheet that is chosen. */
    async describe(name) {
      const chosen = store.chosenSheet();
      if (!chosen) return session.request(`/v1/models/${encodeURIComponent(name)}`);
      const found = await sheet.readSheet(chosen);
      return session.request("/v1/models", { method: "POST", body: { model: found } });
    },

    copyModel: tried("model", async (model) => {
      const name = await sheet.addSheet("Model", model.rows);
      await store.choose(`sheet:${name}`);
      const { range } = await sheet.readSheet(name);
      say("model", `The model stands on the new sheet ${name}. Formulas name it as ${range}.`);
    }),

    activeSheet: async () => (await sheet.activeCell()).sheet,

    /** Examples of all functions for a row, to be put into a cell of a sheet. */
    async examples(row, on) {
      const where = on === row.sheet ? "" : prefix(row.sheet);
      const body = { ...(await store.question(row)), prefix: where };
      return (await session.request("/v1/examples", { method: "POST", body })).examples;
    },

    insert: tried("functions", (formula, isAdapted) => insert(formula, isAdapted)),
  };

  /** Put a formula into the active cell where that is blank and not among what it reads. */
  async function insert(formula, isAdapted) {
    const row = store.state.pinned;
    const cell = await sheet.activeCell();
    const isRead = row && cell.sheet === row.sheet && cell.row === row.row - 1 &&
      cell.column < firstFree(row);
    if (cell.blank && !(isAdapted && isRead)) {
      await put(cell.sheet, cell.at, formula, isAdapted);
      return;
    }
    const why = cell.blank ? "lies in the row that the formula reads" : "is not blank";
    const free = row && cell.sheet === row.sheet ? at(row.row - 1, firstFree(row)) : null;
    const act = { text: `Insert in ${free}`, run: () => put(cell.sheet, free, formula, isAdapted) };
    say("functions", `${cell.at} ${why}. Select a blank cell, then insert.`, free ? act : null);
  }

  async function put(name, address, formula, isAdapted) {
    const isDone = await sheet.putFormula(name, address, formula);
    const note = isAdapted ? "" : " Change its cells to yours.";
    say("functions", isDone ? `Inserted in ${address}.${note}` : `${address} is not blank.`);
  }
}

/** 0-based column right of the row. */
function firstFree(row) {
  const letters = /^[A-Z]+/.exec(row.at)[0];
  const first = [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
  return first + row.values.length;
}

function sentence(error) {
  return /\.$/.test(error.message) ? error.message : `Excel could not do it: ${error.message}.`;
}

/** Some Excels allow no page to write to the clipboard by itself. */
async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = h("textarea.unseen", { value: text });
    document.body.append(area);
    area.select();
    const isDone = document.execCommand("copy");
    area.remove();
    if (!isDone) throw new Error("Excel does not allow copying here. Use Insert explanation.");
  }
}
