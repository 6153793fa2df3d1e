// Runs in the page beside our client: recalculations of Excel and what they are compared with.
// Every run has rows that no earlier one had, so that nothing is answered from memory.

const WIDTH = 20;
let used = 0;

const runtime = globalThis.CustomFunctions;
const { request } = await import("/static/functions/session.js");
const headers = ["Product adoption", "Engagement", "Outcomes", "Support health", "Commercial"];
while (headers.length < WIDTH) headers.push(`Note ${headers.length}`);

function row() {
  used += 1;
  const ratings = [1, 7, 49, 343, 2401].map((step) => 1 + (Math.floor(used / step) % 41) / 10);
  return [...ratings, ...Array.from({ length: WIDTH - 5 }, (_, i) => used + i / 8)];
}

const rows = (count) => Array.from({ length: count }, row);
const score = (values) => ["HEALTH_SCORE", [values, [headers], null, null]];

runtime.associate("SAME", (value) => value);
// What add-ins do that know nothing of each other's cells.
runtime.associate("ALONE", async (values) => {
  const calls = [["HEALTH_SCORE", [{ range: 0 }, { range: 1 }]]];
  const body = { ranges: [values, [headers]], calls };
  return [(await request("/v1/calls", { method: "POST", body })).results];
});

globalThis.runs = {
  cells: (count) => excel.recalculate(rows(count).map((cells) => score([cells]))),
  same: (count) => excel.recalculate(rows(count).map((cells) => ["SAME", [[cells]]])),
  alone: (count) => excel.recalculate(rows(count).map((cells) => ["ALONE", [[cells]]])),
  range: (count) => excel.recalculate([score(rows(count))]),
  async request(count) {
    const ranges = [[headers], ...rows(count).map((cells) => [cells])];
    const calls = rows(count).map((_, i) => ["HEALTH_SCORE", [{ range: i + 1 }, { range: 0 }]]);
    const body = JSON.stringify({ ranges, calls });
    const started = performance.now();
    const type = { "Content-Type": "application/json" };
    const answer = await fetch("/v1/calls", { method: "POST", headers: type, body });
    const { results } = await answer.json();
    const taken = performance.now() - started;
    if (!results.every((result) => typeof result === "number")) throw new Error("No scores");
    return taken;
  },
};

// Milliseconds of one run. Excel's runtime hands results over at most every half second, so the
// next run waits until that is over.
globalThis.timed = async (name, count) => {
  const started = performance.now();
  const told = await runs[name](count);
  const taken = typeof told === "number" ? told : performance.now() - started;
  await new Promise((resolve) => { setTimeout(resolve, 600 + 2 * taken); });
  return taken;
};
