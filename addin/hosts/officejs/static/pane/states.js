/** What the Account tab shows where there is no score to show. */

import { button, h } from "./dom.js";

/** Nothing is selected that could be an account. */
export function empty(actions) {
  return h("div.empty", null,
    h("h1", null, "Select an account"),
    h("p", null, "Click any cell in a row with account data. ",
      "Its score, drivers and change appear here."),
    h("div.buttons", null,
      button("main", "insert-sample", "Insert sample table", actions.insertSample),
      button("plain", "choose-headers", "Choose a header row", actions.chooseHeaders)),
    actions.said("account"),
    h("p.small", null, "One row must hold column names such as CSAT or Active users. ",
      "To name it yourself, click into it and choose it."));
}

/** Before the first look at the sheet. */
export function starting({ error }) {
  return error ? h("p", null, error.message) : h("p.unseen", null, "Reading the sheet");
}

export function loading() {
  const widths = ["92%", "76%", "84%", "60%"];
  return h("div", null,
    h("p.small.field", null, "Scoring 1 row"),
    h("div", { "aria-hidden": true }, h("div.bone.large"), h("div.bone.line"),
      widths.map((width) => h("div.bone.line", { style: { width } }))));
}

/** Values of the row keep it from a score. */
export function refused(found, last, actions) {
  const { problems } = found;
  const [first] = problems;
  const title = !first.cell ? "No score" : problems.length === 1
    ? `No score: ${first.cell}, ${first.name}, is ${first.value}`
    : `No score: ${problems.length} values to fix, first ${first.cell}`;
  const text = problems.length > 1
    ? `${first.name}: ${first.value}. ${first.text}` : first.text;
  const again = first.cell ? "The score returns when it is fixed." : "";
  // A sheet about something else is no fault: it must not cry out at every click.
  const isOther = found.columns.recognised.length === 0;
  return h("div", null,
    h(isOther ? "div.message" : "div.message.error", { role: isOther ? null : "alert" },
      h("p.strong", null, title),
      h("p", null, `${text} ${again}`),
      h("div.buttons", null,
        first.cell ? button("main", "go-to-problem", `Go to ${first.cell}`,
          () => actions.goTo(first.cell)) : null,
        isOther
          ? button("plain", "choose-headers", "Choose a header row", actions.chooseHeaders)
          : null,
        button("plain", "show-columns", "Show all columns", actions.showColumns))),
    isOther ? actions.said("account") : null,
    lastScore(found.last, last));
}

function lastScore(earlier, result) {
  if (result) {
    const { words, verdict } = result.found;
    const tier = verdict.label ? `, ${verdict.label}` : "";
    return h("p.small", null, `Last score: ${words.shown}${tier}, at ${result.time}.`);
  }
  if (!earlier) return null;
  const shown = Math.floor(earlier.total + 0.5 + 1e-9);
  return h("p.small", null, `Last score: ${shown}, ${earlier.label}, ${earlier.day}.`);
}

/** The server, or Excel, did not do what it was asked. */
export function failure(error, actions) {
  return h("div.message.error", { role: "alert" },
    h("p.strong", null, "No score"),
    h("p", null, error.message),
    h("div.buttons", null, button("plain", "try-again", "Try again", actions.again)));
}

/** The server cannot be reached. */
export function offline({ lostAt }, last, actions) {
  const shown = last ? `Shown: the score of ${last.time}.` : "No earlier result of this account.";
  return h("div.message.warning.first", { role: "status" },
    h("p.strong", null, `Offline since ${lostAt}`),
    h("p", null, `${shown} Formulas keep their values.`),
    h("div.buttons", null, button("slight", "try-again", "Try again", actions.again)));
}

/** The server asks for a sign-in. */
export function signedOut(actions) {
  const { kind, error } = actions.signInState();
  const isToken = kind === "token";
  const field = isToken ? h("input.field", {
    id: "token", type: "password", autocomplete: "off", spellcheck: "false",
    "aria-describedby": error ? "said-sign-in" : null, "aria-invalid": error ? "true" : null,
  }) : null;
  const enter = (event) => {
    event.preventDefault();
    actions.signIn(field?.value ?? "");
  };
  return h("form.empty", { onsubmit: enter },
    h("h1", null, "Sign in to score"),
    h("p", null, isToken
      ? "Your company asks for the token that your administrator gave you."
      : "Your company asks for a work account.",
    " Formulas keep their last values until then."),
    isToken ? h("label.field", { for: "token" }, "Token") : null,
    field,
    h("div.buttons", null, h("button.main", { id: "sign-in", type: "submit" }, "Sign in")),
    error ? h("div.message.error", { id: "said-sign-in", role: "alert" }, h("p", null, error)) : null,
    h("p.small", null, "Only the cells that a formula names, and the rows of the account you ",
      "select, are sent. The server keeps none of them."));
}
