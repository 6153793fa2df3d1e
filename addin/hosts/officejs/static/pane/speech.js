/** Says the score of a newly selected account to screen readers, once the selection rests. */

import { count } from "./words.js";

/** Milliseconds of rest, so that arrow keys through many rows stay quiet. */
const REST = 600;

/** @param {HTMLElement} live a polite live region */
export function createSpeech(live) {
  let said = "";
  let place = "";
  let timer = 0;

  return function update({ state }) {
    const here = state.row ? `${state.row.sheet}\n${state.row.row}` : "";
    if (here !== place) {
      clearTimeout(timer);
      // Only what changes is said: whoever comes back to an account hears it again.
      if (live.textContent === said) live.textContent = "";
      [place, said] = [here, ""];
    }
    const text = state.row && state.found && !state.isLoading ? sentence(state.row, state.found) : "";
    if (!text || text === said) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      said = text;
      live.textContent = text;
    }, REST);
  };
}

function sentence(row, { account, verdict, words, problems }) {
  const name = account || row.account || `Row ${row.row}`;
  // Errors speak for themselves: they are alerts.
  if (!verdict) return problems.length ? "" : `${name}: no score.`;
  const { change } = verdict;
  const size = change ? Math.abs(change.points) : 0;
  const moved = size ? `, ${change.points < 0 ? "down" : "up"} ${size}` : "";
  const score = verdict.total === null ? "no score" : words.shown;
  const tier = verdict.label ? `, ${verdict.label}` : "";
  const missing = verdict.total === null ? `, ${count(verdict.missing.length, "value")} missing` : "";
  return `${name}: ${score}${tier}${moved}${missing}.`;
}
