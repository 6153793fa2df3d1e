// As much of Excel's object model as cell functions ask: the types of cells, and a recalculation.
// As in Excel, nothing can be read before it was loaded and synchronised, and nothing at all while
// a cell is being edited.

(() => {
  const state = {
    empty: new Set(), sheets: ["Sheet1"], isEditing: false, reads: [], calculated: [],
  };

  class Proxied {
    #value;
    #isLoaded = false;
    constructor(context, read) {
      Object.assign(this, { context, read });
    }
    load() {
      this.context.loads.push(() => { this.#value = this.read(); this.#isLoaded = true; });
      return this;
    }
    get loaded() {
      if (!this.#isLoaded) throw new Error("PropertyNotLoaded");
      return this.#value;
    }
  }

  class Range extends Proxied {
    get valueTypes() { return this.loaded; }
  }

  class Worksheets extends Proxied {
    get items() { return this.loaded; }
    getItem(name) {
      const typeOf = (row, column) =>
        (state.empty.has(`${name}!${row},${column}`) ? "Empty" : "Double");
      return {
        getRangeByIndexes: (top, left, rows, columns) => new Range(this.context, () => {
          state.reads.push([name, top, left, rows, columns]);
          return Array.from({ length: rows }, (_, row) =>
            Array.from({ length: columns }, (_, column) => typeOf(top + row, left + column)));
        }),
      };
    }
  }

  class Context {
    loads = [];
    workbook = {
      worksheets: new Worksheets(this, () => state.sheets.map((name) => ({ name }))),
      application: { calculate: (kind) => this.loads.push(() => state.calculated.push(kind)) },
    };
    async sync() {
      if (state.isEditing) throw new Error("InvalidOperationInCellEditMode");
      this.loads.splice(0).forEach((load) => load());
    }
  }

  globalThis.workbook = state;
  globalThis.Excel = {
    CalculationType: { full: "Full" },
    run: async (batch) => batch(new Context()),
  };
})();
