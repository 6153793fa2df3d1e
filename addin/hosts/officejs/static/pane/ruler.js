/** The score between the tiers, and how far it could reach. */

import { h, shape } from "./dom.js";

/** Shares of the width below which a figure, or both in one label, do not fit beside an end. */
const EDGE = 8;
const BOTH = 16;

/**
 * @param {object} found explanation
 */
export function ruler(found) {
  const { verdict, tiers } = found;
  const { total, tier, bounds } = verdict;
  const bands = [...tiers].reverse().map((t, index, all) => {
    const end = all[index + 1]?.from ?? 100;
    const text = t.from === 0 ? t.label : `${t.from} ${t.label}`;
    const gap = index === all.length - 1 ? "0px" : "2px";
    const style = { left: `${t.from}%`, width: `calc(${end - t.from}% - ${gap})` };
    return h(`span.band.${t.key}`, { style }, text);
  });
  const mark = total === null ? null
    : h(`span.mark.${tier || "none"}`, { style: { left: `${total}%` } }, shape(tier));
  return h("div.ruler", { role: "img", "aria-label": spoken(found) }, bands, mark,
    bounds ? reach(bounds.low, bounds.high) : null);
}

function reach(low, high) {
  const [from, to] = [low, high].map((edge) => String(Math.floor(edge + 0.5 + 1e-9)));
  const bracket = h("span.reach", { style: { left: `${low}%`, width: `${high - low}%` } });
  if (low >= EDGE && high <= 100 - EDGE) {
    return [bracket, end("low", low, from), end("high", high, to)];
  }
  // At either end both figures stand on the free side; without one the sentence below says them.
  if (high <= 100 - BOTH) return [bracket, end("high", high, `${from} to ${to}`)];
  return low >= BOTH ? [bracket, end("low", low, `${from} to ${to}`)] : [bracket];
}

function end(side, place, text) {
  return h(`span.end.number.${side}`, { style: { left: `${place}%` } }, text);
}

function spoken({ words, verdict, tiers }) {
  const edges = tiers.filter((t) => t.from > 0).map((t) => `${t.label} starts at ${t.from}`);
  const score = verdict.total === null ? "No score" : `Score ${words.shown}`;
  const tier = verdict.label ? `, ${verdict.label}` : "";
  const bounds = verdict.bounds ? ` ${verdict.bounds.sentence}` : "";
  return `${score}${tier}.${bounds} ${edges.reverse().join(", ")}.`;
}
