/** The Functions tab: every cell function, its arguments, and an example for the selected row. */

import { button, h, replace, section } from "./dom.js";

/**
 * @param {HTMLElement} panel
 * @param {object} actions
 */
export function createFunctions(panel, actions) {
  const open = new Set();
  const examples = new Map();
  let functions = null;
  let asked = "";
  let store = null;
  let isShown = false;
  let problem = "";

  const search = h("input", { id: "search", type: "search", autocomplete: "off" });
  const list = h("div", { id: "function-list" });
  const said = h("div");
  search.addEventListener("input", draw);
  panel.append(h("h1.unseen", null, "Functions"), h("label.unseen", { for: "search" }, "Find a function"), search, said, list);

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

  /** Fetch what is not known yet: the functions once, the examples for each row. */
  async function refresh() {
    const { state } = store;
    if (state.connection !== "connected") {
      draw();
      return;
    }
    problem = "";
    try {
      functions ??= (await actions.functions()).functions;
      const on = await actions.activeSheet();
      const key = state.pinned ? `${state.version} ${on}` : "";
      if (key !== asked) {
        asked = key;
        const found = key ? await actions.examples(state.pinned, on) : [];
        if (key !== asked) return;
        examples.clear();
        found.forEach((example) => examples.set(example.name, example));
      }
    } catch (error) {
      // Asked again with the next change, such as a connection that is back.
      asked = "";
      problem = error.message;
    }
    draw();
  }

  function draw() {
    replace(said, problem ? h("p.said", null, problem) : actions.said("functions"));
    search.placeholder = `Find a function (${functions?.length ?? 0})`;
    replace(list, content());
  }

  function content() {
    if (!functions) {
      const text = store?.state.connection === "signed-out"
        ? "Sign in first: the Account tab has the sign-in." : "The list needs the server.";
      return [h("p.field", null, text)];
    }
    const wanted = search.value.trim().toLowerCase();
    const found = functions.filter(({ name, help }) =>
      `${name} ${help}`.toLowerCase().includes(wanted));
    if (found.length === 0) return [h("p.field", null, `No function matches ${search.value}.`)];
    const categories = [...new Set(found.map(({ category }) => category))];
    return categories.map((category) => section(`heading-${category}`, category,
      h("ul.list", null, found.filter((f) => f.category === category).map(item))));
  }

  function item(one) {
    const isOpen = open.has(one.name);
    const toggle = () => {
      open[isOpen ? "delete" : "add"](one.name);
      draw();
    };
    const example = examples.get(one.name);
    const id = `details-${one.name}`;
    return h("li.function", null,
      h("div", null,
        h("button.name", { id: `name-${one.name}`, type: "button", "aria-expanded": String(isOpen),
          "aria-controls": isOpen ? id : null, onclick: toggle }, one.name),
        h("p.small", null, one.help)),
      button("slight", `insert-${one.name}`, "Insert",
        () => actions.insert(example?.formula ?? one.example, example?.adapted ?? false),
        { "aria-label": `Insert ${one.name}` }),
      isOpen ? details(one, example, id) : null);
  }

  function details(one, example, id) {
    return h("div.details", { id },
      one.arguments.length ? h("dl", null, one.arguments.map(({ name, help, optional }) => [
        h("dt", null, name, optional ? h("span.small", null, " optional") : null),
        h("dd", null, help)])) : null,
      h("p.code", null, example?.formula ?? one.example),
      h("p.small", null, resultText(example)));
  }
}

function resultText(example) {
  if (!example) return "Select an account to see it with your cells.";
  if (!example.adapted) return "An example: change its cells to yours.";
  return `Result here: ${example.result}`;
}
