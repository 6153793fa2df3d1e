/** Starts the pane: theme, tabs, views, connection. */

import * as session from "../functions/session.js";
import { createAccount } from "./account.js";
import { createActions } from "./actions.js";
import { createColumns } from "./columns.js";
import { h } from "./dom.js";
import { createFunctions } from "./functions.js";
import { createModel } from "./model.js";
import { inExcel, isOfficeDark } from "./sheet.js";
import { createSpeech } from "./speech.js";
import { createStore } from "./store.js";
import { createTabs } from "./tabs.js";

const WORDS = { connected: "Connected", offline: "Offline", "signed-out": "Signed out" };
const byId = (id) => document.getElementById(id);

start();

async function start() {
  const showTab = createTabs(document.querySelector("[role=tablist]"), (name) => shown(name));
  let shown = () => {};
  showTab("account");
  if (!(await inExcel())) {
    byId("panel-account").replaceChildren(h("div.empty", null, h("h1", null, "Open this in Excel"),
      h("p", null, "The pane works beside a workbook. If Excel shows this, its add-in library did ",
        "not load: check your network and open the pane again.")));
    return;
  }
  followOffice();
  // Office does not tell when its theme changes, but the pane gets the focus after that.
  addEventListener("focus", followOffice);
  const store = createStore({ request: session.request, connection: () => session.state });
  const actions = createActions(store, session, showTab);
  const model = createModel(byId("panel-model"), actions);
  const functions = createFunctions(byId("panel-functions"), actions);
  shown = (name) => {
    model.show(name === "model");
    functions.show(name === "functions");
  };
  const views = [
    createAccount(byId("panel-account"), actions),
    createColumns(byId("panel-columns"), actions),
    model.update,
    functions.update,
    (store) => footer(store, actions),
    createSpeech(byId("live")),
  ];
  const update = () => views.forEach((view) => view(store));
  store.subscribe(update);
  actions.onChange(update);
  byId("sign-out").addEventListener("click", actions.signOut);
  session.subscribe(store.connect);
  await store.start();
}

/** Office's own theme wins over the system's. */
function followOffice() {
  const isDark = isOfficeDark();
  if (isDark === null) return;
  document.documentElement.dataset.from = "office";
  document.documentElement.dataset.theme = isDark ? "dark" : "light";
}

function footer({ state, last }, actions) {
  const found = state.found ?? last()?.found;
  const isScoring = state.isLoading && state.connection === "connected";
  byId("connection").textContent = isScoring ? "Scoring" : WORDS[state.connection];
  const isSignedIn = ["token", "entra"].includes(actions.signInState().kind) &&
    state.connection !== "signed-out";
  byId("sign-out").hidden = !isSignedIn;
  byId("model-label").textContent = found?.model ?? "";
}
