// Excel as its custom functions see it, at the boundary where Microsoft's own runtime speaks to
// the program: `_richApiNativeBridge`. Everything above it is the real library. Load it first.
//
// A test hands over calls as [name, arguments] with the arguments as Excel would give them, all in
// one message, as in a recalculation; it gets what each cell would show.

(() => {
  const CODES = { 1: "#N/A", 5: "#DIV/0!", 6: "#NUM!", 7: "#VALUE!", 8: "#NULL!" };
  const ALLOW_ERRORS = 4; // the flag of allowErrorForDataTypeAny
  const cells = new Map();
  let last = 0;

  const bridge = {
    sendMessageToHost(text) {
      const { id, message } = JSON.parse(text);
      const { body: asked } = message;
      const { Actions } = typeof asked === "string" ? JSON.parse(asked) : asked;
      for (const { Name, ArgumentInfo } of Actions) {
        if (Name === "SetInvocationArrayResults") ArgumentInfo.Arguments[0].forEach(show);
      }
      const Results = Actions.map(({ Id }) => ({ ActionId: Id, Value: null }));
      const body = JSON.stringify({ Results });
      const answer = { id, type: 2, message: { statusCode: 200, headers: {}, body } };
      setTimeout(() => bridge.onMessageFromHost(JSON.stringify(answer)), 0);
    },
  };

  function show([id, worked, value, code]) {
    cells.get(id)?.(worked ? value : { thrown: CODES[code] ?? `code ${code}`, message: value });
    cells.delete(id);
  }

  function entry([name, given, addresses = null], shown) {
    const id = (last += 1);
    const promise = new Promise((resolve) => { cells.set(id, resolve); });
    shown.push(promise);
    const message = JSON.stringify([id, name, given, "Sheet1!A1", ALLOW_ERRORS, addresses]);
    return { messageCategory: 1, messageType: 1000, targetId: "", message };
  }

  globalThis._richApiNativeBridge = bridge;
  globalThis.excel = {
    recalculate(calls) {
      const shown = [];
      const entries = calls.map((call) => entry(call, shown));
      bridge.onMessageFromHost(JSON.stringify({ type: 3, message: { entries } }));
      return Promise.all(shown);
    },
  };
})();
