/** The waterfall of a change: solid is behaviour, hatched is data, grey is the model. */

import { h, section, tierWord } from "./dom.js";
import { count, signed, tenth } from "./words.js";

const LOOKS = {
  behaviour: "",
  "data vanished": ".hatched",
  "data appeared": ".hatched",
  replaced: ".hatched",
};
const NOTES = { "data vanished": "data", "data appeared": "data", replaced: "data" };

/** @param {object} change of an explanation */
export function changeSection(change, ...more) {
  const { before, after, days } = change;
  const whole = (total) => Math.floor(total + 0.5 + 1e-9);
  const title = `Change: ${whole(before.total)} to ${whole(after.total)} in ${count(days, "day")}`;
  return section("heading-change", title, table(change), ...more);
}

function table({ before, after, steps, others, rest }) {
  const all = others ? [...steps, { name: `${others} others`, kind: "behaviour", points: rest }] : steps;
  const scale = scaleOf(before.total, all);
  let run = before.total;
  const rows = all.map((step) => {
    const from = run;
    run += step.points;
    return stepRow(step, scale, from, run);
  });
  return h("table.steps.number", null,
    h("thead", null, h("tr", null, ["Step", "Bar", "Points"].map((text) =>
      h("th", { scope: "col", "aria-hidden": text === "Bar" }, h("span.unseen", null, text))))),
    h("tbody", null,
      totalRow(before, ""),
      all.length ? rows : null,
      totalRow(after, ".total")));
}

function totalRow({ day, total, tier, label }, look) {
  return h(`tr${look}`, null,
    h("th", { scope: "row" }, day, " ", tierWord(tier, label)),
    h("td.bar", { "aria-hidden": true }),
    h("td.value", null, tenth(total)));
}

function stepRow({ name, kind, points }, { low, span }, from, to) {
  const place = (total) => (100 * (total - low)) / span;
  const left = place(Math.min(from, to));
  const style = { left: `${left}%`, width: `${place(Math.max(from, to)) - left}%` };
  const colour = kind === "model" || kind === "shown" ? "grey" : points < 0 ? "loss" : "gain";
  const note = NOTES[kind];
  return h("tr", null,
    h("th", { scope: "row" }, name, note ? [" ", h("span.small", null, note)] : null),
    h("td.bar", { "aria-hidden": true },
      h("div", null, h(`i.${colour}${LOOKS[kind] ?? ""}`, { style }))),
    h("td.value", null, signed(points)));
}

function scaleOf(start, steps) {
  let run = start;
  const totals = [start, ...steps.map(({ points }) => (run += points))];
  const low = Math.min(...totals);
  const span = Math.max(...totals) - low;
  const room = span * 0.06 || 1;
  return { low: low - room, span: span + 2 * room };
}
