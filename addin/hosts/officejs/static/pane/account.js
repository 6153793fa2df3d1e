/** The Account tab: the score of the selected row and all that explains it. */

import { changeSection } from "./change.js";
import { button, h, replace, section, shape } from "./dom.js";
import { ruler } from "./ruler.js";
import { empty, failure, loading, offline, refused, signedOut, starting } from "./states.js";
import { signed } from "./words.js";

/**
 * @param {HTMLElement} panel
 * @param {object} actions
 */
export function createAccount(panel, actions) {
  return function update(store) {
    panel.setAttribute("aria-busy", String(store.state.isLoading));
    replace(panel, ...content(store, actions));
  };
}

function content(store, actions) {
  const { state } = store;
  if (state.connection === "signed-out") return [signedOut(actions)];
  const isOffline = state.connection === "offline";
  if (isOffline) return withoutServer(store, actions);
  if (!state.isStarted) return [starting(state)];
  if (!state.row) return state.error ? [failure(state.error, actions)] : [empty(actions)];
  const top = head(state.row, state.found);
  if (state.isLoading && !state.found) return [top, state.isSlow ? loading() : null];
  if (state.error) return [top, failure(state.error, actions)];
  if (!state.found) return [top];
  if (!state.found.verdict) return [top, refused(state.found, store.last(), actions)];
  return [top, ...body(state.found, actions)];
}

function withoutServer(store, actions) {
  const { row } = store.state;
  const last = row ? store.last() : null;
  const banner = offline(store.state, last, actions);
  if (!row) return [banner];
  return [banner, head(row, last?.found), ...(last ? body(last.found, actions) : [])];
}

function head(row, found) {
  const name = found?.account || row.account || `Row ${row.row}`;
  return h("div", null, h("p.small", null, `Row ${row.row} of ${row.sheet}`), h("h1", null, name));
}

function body(found, actions) {
  const { verdict } = found;
  return [
    hero(found),
    verdict.bounds || verdict.total !== null ? ruler(found) : null,
    sentence(verdict),
    verdict.note ? h("p", null, verdict.note) : null,
    facts(found),
    found.notes.map((note) => h("p.small", null, note)),
    verdict.losses.length ? losses(found) : null,
    verdict.change ? changeSection(verdict.change) : null,
    h("div.buttons", null,
      button("main", "insert-explanation", "Insert explanation", () => actions.insertExplanation(found)),
      button("plain", "copy-explanation", "Copy as text", () => actions.copy(found.text))),
    actions.said("account"),
  ];
}

function hero({ words, verdict }) {
  const label = verdict.label || (verdict.total === null ? "No score" : verdict.status);
  const { change } = verdict;
  return h("div.hero", null,
    h("span.score.number", null, words.shown),
    h(`span.badge.${verdict.tier || "none"}`, null, shape(verdict.tier), label),
    change ? h("span.number", null, moved(change.points), " ",
      h("span.since", null, `since ${change.before.day}`)) : null);
}

function moved(points) {
  return points === 0 ? "No change" : signed(points, 0);
}

/** Up to the colon in bold: "Red, could be Amber: 50 to 63 once …" */
function sentence({ bounds }) {
  if (!bounds) return null;
  const at = bounds.sentence.indexOf(":") + 1;
  return h("p", null, h("span.strong", null, bounds.sentence.slice(0, at)),
    bounds.sentence.slice(at));
}

function facts({ words, override, segment }) {
  const told = [
    ["Coverage", words.coverage],
    ["Missing", words.missing || "Nothing"],
    ["Velocity", words.velocity],
    ["Segment", segment],
    ["Override", override || "None"],
  ];
  return h("dl.facts.number", null, told.filter(([, text]) => text)
    .map(([name, text]) => [h("dt", null, name), h("dd", null, text)]));
}

function losses({ words, verdict }) {
  const { losses: listed, others, rest } = verdict;
  const most = listed[0].points;
  const items = listed.map(({ name, value, points }) => h("li", null,
    h("span", null, name, " ", h("span.small", null, value)),
    h("span.value.number", null, signed(-points)),
    h("span.track", { "aria-hidden": true },
      h("i", { style: { width: `${(100 * points) / most}%` } }))));
  return section("heading-drivers", words.drivers,
    h("ul.bars", null, items),
    others ? h("p.small.number.rest", null,
      h("span", null, others === 1 ? "1 other" : `${others} others`),
      h("span", null, signed(-rest))) : null);
}
