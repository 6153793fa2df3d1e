/** The Model tab: which model scores, its weights and tiers, what to look at, a copy to edit. */

import { button, h, replace, section, tierWord } from "./dom.js";
import { count } from "./words.js";

/** Notes that are shown at once; those that ask for a decision come first. */
const FEW = 2;

/**
 * @param {HTMLElement} panel
 * @param {object} actions
 */
export function createModel(panel, actions) {
  /** What was last asked for, and what came. */
  let asked = "";
  let model = null;
  let error = null;
  let segment = null;
  let store = null;
  let isShown = false;

  return {
    show(shown) {
      isShown = shown;
      if (shown && store) refresh();
    },
    update(next) {
      store = next;
      if (isShown) refresh();
    },
  };

  function refresh() {
    const { state } = store;
    const sheet = store.chosenSheet();
    const preset = state.choice === "headers" ? "" : state.choice;
    const wanted = sheet || preset || state.found?.modelName;
    // A preset stays what it is; a sheet may change with every edit.
    const key = sheet ? `${sheet} ${state.edits}` : wanted;
    if (wanted && state.connection === "connected") load(key, wanted);
    draw();
  }

  async function load(key, wanted) {
    if (key === asked) return;
    asked = key;
    try {
      const found = await actions.describe(wanted);
      if (key !== asked) return;
      [model, error] = [found, null];
    } catch (problem) {
      if (key !== asked) return;
      [model, error] = [null, problem];
    }
    draw();
  }

  function draw() {
    const { state } = store;
    if (state.connection === "signed-out") {
      replace(panel, h("h1", null, "Sign in first"),
        h("p", null, "The Account tab has the sign-in."));
      return;
    }
    replace(panel, ...picker(state), error ? refusal(error) : null,
      ...(model && !error ? details(state) : []));
  }

  function picker(state) {
    const sheet = store.chosenSheet();
    const shown = state.choice || (sheet ? `sheet:${sheet}` : "headers");
    const options = [
      ["headers", "Chosen by the column names"],
      ...state.models.map(({ name, label, isDefault }) =>
        [name, isDefault ? `${label} (default of formulas)` : label]),
      ...state.modelSheets.map((name) => [`sheet:${name}`, `Sheet ${name} of this workbook`]),
    ];
    return [
      h("h1.label", null, h("label", { for: "model" }, "Model")),
      h("select.field", { id: "model", onchange: ({ target }) => actions.choose(target.value) },
        options.map(([value, text]) => h("option", { value, selected: value === shown }, text))),
    ];
  }

  function details(state) {
    const own = state.found?.segment ?? "";
    const shown = segment ?? model.segments.find(({ name }) => name === own)?.key ?? "";
    return [
      h("p.small.field", null, `${model.label}: ${model.title}.`),
      section("heading-weights", "Weights", segments(shown), weights(shown)),
      section("heading-tiers", "Tiers", tiers()),
      model.findings.length ? findings() : null,
      h("div.buttons", null,
        button("main", "copy-model", "Copy to a Model sheet", () => actions.copyModel(model))),
      actions.said("model"),
      h("p.small.field", null,
        "Edit weights and thresholds there; formulas that name the range follow."),
    ];
  }

  function segments(shown) {
    if (model.segments.length === 0) return null;
    const pick = ({ target }) => {
      segment = target.value;
      draw();
    };
    const options = [{ key: "", name: "Base weights" }, ...model.segments];
    return [
      h("label.small.field", { for: "segment" }, "Segment"),
      h("select.pick", { id: "segment", onchange: pick }, options.map(({ key, name }) =>
        h("option", { value: key, selected: key === shown }, name))),
    ];
  }

  function weights(shown) {
    return h("ul.bars", null, model.dimensions.map(({ name, metrics, weights: by }) => {
      const share = 100 * (by[shown] ?? by[""]);
      const text = `${Number(share.toFixed(1))}%`;
      return h("li", null,
        h("span", null, name, " ",
          h("span.small", null, metrics ? count(metrics, "metric") : "rated")),
        h("span.value.number", null, text),
        h("span.track", { "aria-hidden": true }, h("i", { style: { width: `${share}%` } })));
    }));
  }

  function tiers() {
    return h("dl.facts.tiers.number", null, model.tiers.map((tier) =>
      [h("dt", null, tierWord(tier.key, tier.label)), h("dd", null, `${tier.from} to ${tier.to}`)]));
  }

  function findings() {
    const [first, rest] = [model.findings.slice(0, FEW), model.findings.slice(FEW)];
    return section("heading-notes", `${count(model.findings.length, "note")} on this model`,
      h("ul.list", null, first.map(finding)),
      rest.length ? h("details", null, h("summary.small", null, `${rest.length} more`),
        h("ul.list", null, rest.map(finding))) : null);
  }
}

function finding({ message, nextStep }) {
  return h("li", null, h("p", null, message), h("p.small", null, nextStep));
}

function refusal(error) {
  return h("div.message.error", { role: "alert" },
    h("p.strong", null, "This model cannot be used"), h("p", null, error.message));
}
