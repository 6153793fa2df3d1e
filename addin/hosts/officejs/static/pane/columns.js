/** The Columns tab: which columns are understood, what to fix, what to rename. */

import { button, h, replace, section } from "./dom.js";
import { count } from "./words.js";

const FEW = 5;
/** Columns that are not recognised and stand there at once. */
const MANY = 10;

/**
 * @param {HTMLElement} panel
 * @param {object} actions
 */
export function createColumns(panel, actions) {
  /** Names picked for unknown headers, not renamed yet. */
  const picked = new Map();
  let of = "";

  return function update({ state, last }) {
    const { row } = state;
    const found = state.found ?? last()?.found;
    const place = row ? `${row.sheet}!${row.headerAt}` : "";
    if (place !== of) {
      of = place;
      picked.clear();
    }
    replace(panel, ...(row && found ? content(row, found) : nothing(state)));
  };

  function content(row, found) {
    const { columns } = found;
    const known = columns.recognised.length;
    return [
      h("h1", null, `${known} of ${count(columns.count, "column")} recognised`),
      h("p.small", null, `${row.sheet}!${row.headerAt}, model ${found.modelName}`),
      columns.problems.length ? problems(columns.problems) : null,
      columns.unknown.length ? unknown(row, columns) : null,
      columns.repeated.length ? repeated(columns.repeated) : null,
      actions.said("columns"),
      recognised(columns),
    ];
  }

  function problems(found) {
    return section("heading-fix", `${count(found.length, "value")} to fix`,
      found.map((problem) => h("div.message.error", null,
        h("p.strong", null, `${problem.cell}, ${problem.name}: ${problem.value}`),
        h("p", null, problem.text),
        h("div.buttons", null, button("slight", `fix-${problem.cell}`, `Go to ${problem.cell}`,
          () => actions.goTo(problem.cell))))));
  }

  function unknown(row, { unknown: found, free }) {
    // Guesses first: of a wide table nobody reads the rest.
    const ordered = found.length > MANY
      ? [...found.filter((c) => c.suggestion), ...found.filter((c) => !c.suggestion)] : found;
    const [first, rest] = [ordered.slice(0, MANY), ordered.slice(MANY)]
      .map((columns) => columns.map((column) => unknownItem(row, column, free)));
    return section("heading-unknown", `${count(found.length, "column")} not recognised`,
      h("ul.list", null, first),
      rest.length ? h("details", null, h("summary.small", null, `${rest.length} more`),
        h("ul.list", null, rest)) : null,
      h("p.small", null, "Formulas find columns by their header. ",
        "Renaming changes that one cell, and can be undone."));
  }

  function unknownItem(row, column, free) {
    const { cell, header, suggestion, letter } = column;
    const id = `name-${cell}`;
    const chosen = picked.get(cell) ?? suggestion;
    const names = suggestion && !free.includes(suggestion) ? [suggestion, ...free] : free;
    const act = h("div.buttons");
    const offer = (name) => act.replaceChildren(...(name ? [button("slight", `rename-${cell}`,
      `Rename ${cell} to ${name}`, () => actions.rename(row.sheet, cell, header, name))] : []));
    const pick = ({ target }) => {
      picked.set(cell, target.value);
      offer(target.value);
    };
    offer(chosen);
    return h("li", null,
      h("div.column", null,
        h("span.small", null, letter),
        h("label", { for: id }, header),
        h("span.small", null, suggestion ? `did you mean ${suggestion}?` : column.value)),
      h("select.field", { id, onchange: pick }, ["", ...names].map((name) =>
        h("option", { value: name, selected: name === chosen }, name || "Not a metric"))),
      act);
  }
}

function repeated(found) {
  return section("heading-repeated", `${count(found.length, "column")} twice`,
    h("ul.list", null, found.map(({ letter, header, twin }) => h("li.column", null,
      h("span.small", null, letter),
      h("span", null, header),
      h("span.small", null, `column ${twin} counts`)))));
}

function recognised({ recognised: found, others }) {
  const rest = found.slice(FEW);
  const names = others.map(({ header }) => header).join(", ");
  const more = [
    rest.length ? `${rest.length} more` : "",
    others.length ? `${others.length} that the score does not need (${names})` : "",
  ].filter(Boolean).join(", and ");
  return section("heading-known", `${found.length} recognised`,
    h("ul.list", null, found.slice(0, FEW).map(item)),
    more ? h("details", null, h("summary.small", null, more),
      h("ul.list", null, [...rest, ...others].map(item))) : null);
}

function item({ letter, header, name, value }) {
  return h("li.column", null,
    h("span.small", null, letter),
    h("span", null, header, " ", h("span.small", null, `→ ${name}`)),
    h("span.number", null, value));
}

function nothing({ row, isLoading, connection, error }) {
  if (connection === "signed-out") {
    return [h("h1", null, "Sign in first"), h("p", null, "The Account tab has the sign-in.")];
  }
  if (row && isLoading) return [h("p.small", null, "Reading the columns")];
  if (row && error) return [h("h1", null, "Columns not read"), h("p", null, error.message)];
  return [
    h("h1", null, "Select an account"),
    h("p", null, "Click any cell in a row with account data. Its columns appear here."),
  ];
}
