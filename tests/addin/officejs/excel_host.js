// Excel itself, as small as the task pane needs it, at the boundary where Microsoft's own office.js
// speaks to the program: `window.external` for the start, `_richApiNativeBridge` for the object
// model. Everything above it is the real library, so that values unread before a sync, unknown
// members and null objects behave as they do in Excel. Load it before office.js; the page's
// address needs `?_host_Info=Excel$Win32$16.01$en-US`.
//
// A test hands over sheets as {name: {rows: [[...]], table: "A1:R30"}}, drives `excelHost.select`
// and `excelHost.type`, and reads `excelHost.book`. Formulas are kept, not calculated.

const EVENTS = { category: 65536, selection: 2, changed: 10, calculated: 16 };
const letters = (n) => (n < 26 ? "" : letters(Math.floor(n / 26) - 1)) + String.fromCharCode(65 + (n % 26));
const number = (text) => [...text].reduce((n, c) => n * 26 + c.charCodeAt(0) - 64, 0) - 1;

function parse(address) {
  const [from, to = from] = address.replaceAll("$", "").split("!").pop().split(":");
  const [, c1, r1] = /^([A-Z]+)(\d+)$/.exec(from) ?? fail("InvalidArgument", `No range ${address}`);
  const [, c2, r2] = /^([A-Z]+)(\d+)$/.exec(to);
  return { row: r1 - 1, column: number(c1), rows: r2 - r1 + 1, columns: number(c2) - number(c1) + 1 };
}

function fail(code, message) {
  throw Object.assign(new Error(message), { code });
}

// What Excel makes of what is put into a cell; a custom function is still at work.
function typed(raw) {
  if (typeof raw !== "string" || raw === "") return raw;
  if (raw.startsWith("'")) return raw.slice(1);
  if (raw.startsWith("=")) return "#BUSY!";
  if (/^(true|false)$/i.test(raw)) return raw.toLowerCase() === "true";
  return raw.trim() && Number.isFinite(Number(raw)) ? Number(raw) : raw;
}

class Range {
  constructor(sheet, row, column, rows, columns) {
    Object.assign(this, { sheet, row, column, rows, columns });
  }
  get _ReferenceId() { return references.get(this) ?? ""; }
  _KeepReference() { references.has(this) || references.set(this, `r${references.size}`); }
  get Address() {
    const name = /^\w+$/.test(this.sheet.Name) ? this.sheet.Name : `'${this.sheet.Name}'`;
    const at = (r, c) => letters(this.column + c) + (this.row + r + 1);
    const end = this.rows * this.columns > 1 ? `:${at(this.rows - 1, this.columns - 1)}` : "";
    return `${name}!${at(0, 0)}${end}`;
  }
  get RowIndex() { return this.row; }
  get ColumnIndex() { return this.column; }
  get RowCount() { return this.rows; }
  get ColumnCount() { return this.columns; }
  get Worksheet() { return this.sheet; }
  get Values() { return this.map((r, c) => this.sheet.cells.get(`${r},${c}`) ?? ""); }
  set Values(rows) { this.put(rows); }
  get Formulas() {
    const { formulas, cells } = this.sheet;
    return this.map((r, c) => formulas.get(`${r},${c}`) ?? cells.get(`${r},${c}`) ?? "");
  }
  set Formulas(rows) { this.put(rows); }
  get NumberFormat() { return this.map(() => "General"); }
  set NumberFormat(rows) { this.fits(rows); }
  map(cell) {
    return Array.from({ length: this.rows }, (_, r) =>
      Array.from({ length: this.columns }, (_, c) => cell(this.row + r, this.column + c)));
  }
  fits(rows) {
    if (rows.length !== this.rows || rows.some((row) => row.length !== this.columns)) {
      fail("InvalidArgument", "The number of rows or columns in the input array doesn't match.");
    }
  }
  put(rows) {
    this.fits(rows);
    rows.forEach((row, r) => row.forEach((value, c) => this.sheet.set(this.row + r, this.column + c, value)));
    this.sheet.book.changed(this);
  }
  // The library writes a large range in pieces, once it knows that the whole fits.
  _ValidateArraySize(rows, columns) {
    if (rows !== this.rows || columns !== this.columns) fail("InvalidArgument", "The sizes differ.");
  }
  get Format() { return new Format(); }
  GetCell(r, c) { return new Range(this.sheet, this.row + r, this.column + c, 1, 1); }
  GetRow(r) { return new Range(this.sheet, this.row + r, this.column, 1, this.columns); }
  GetBoundingRect(other) {
    const end = (r, at, size) => r[at] + r[size];
    const [top, left] = [Math.min(this.row, other.row), Math.min(this.column, other.column)];
    const rows = Math.max(end(this, "row", "rows"), end(other, "row", "rows")) - top;
    const columns = Math.max(end(this, "column", "columns"), end(other, "column", "columns")) - left;
    return new Range(this.sheet, top, left, rows, columns);
  }
  GetTables() { return new Items(this.sheet.tables.filter((t) => t.holds(this))); }
  Select() { this.sheet.book.select(this.sheet.Name, this.Address); }
}

// What the library asks of Excel on its own account, such as telemetry: nothing comes of it.
class Service {
  constructor() { return new Proxy(this, { has: () => true, get: () => () => null }); }
}

class Format {
  get Font() { return new Format(); }
  set Bold(_) {}
  set WrapText(_) {}
  set ColumnWidth(_) {}
  AutofitColumns() {}
}

class Items {
  constructor(items) { this.items = items; }
  get Items() { return this.items; }
  GetCount() { return this.items.length; }
  GetItem(key) { return this.find(key) ?? fail("ItemNotFound", `There is no ${key}.`); }
  GetItemOrNullObject(key) { return this.find(key) ?? null; }
  GetItemAt(index) { return this.items[index] ?? fail("InvalidArgument", `No item ${index}.`); }
  GetFirst() { return this.items[0] ?? fail("ItemNotFound", "The collection is empty."); }
  find(key) { return this.items.find((i) => [i.Name, i.Id, i.Key].some((k) => k !== undefined && `${k}`.toLowerCase() === `${key}`.toLowerCase())); }
}

class Table {
  constructor(sheet, area) { Object.assign(this, { sheet, area, Name: `Table${sheet.tables.length + 1}` }); }
  get Id() { return `{${this.Name}}`; }
  get ShowHeaders() { return true; }
  get ShowTotals() { return false; }
  holds({ row, column }) {
    const a = this.area;
    return row >= a.row && row < a.row + a.rows && column >= a.column && column < a.column + a.columns;
  }
  GetRange() { return this.area; }
  GetHeaderRowRange() { return this.area.GetRow(0); }
}

class Worksheet {
  constructor(book, name) {
    Object.assign(this, { book, Name: name, Id: `{${name}}`, tables: [] });
    Object.assign(this, { cells: new Map(), formulas: new Map() });
  }
  set(r, c, raw) {
    const key = `${r},${c}`;
    this.formulas.delete(key);
    if (typeof raw === "string" && raw.startsWith("=")) this.formulas.set(key, raw);
    const value = typed(raw);
    if (value === "" || value === null) this.cells.delete(key);
    else this.cells.set(key, value);
  }
  get Tables() { return new Tables(this); }
  GetRange(address) {
    const a = address ? parse(address) : { row: 0, column: 0, rows: 1048576, columns: 16384 };
    return new Range(this, a.row, a.column, a.rows, a.columns);
  }
  GetRangeByIndexes(...at) { return new Range(this, ...at); }
  GetUsedRangeOrNullObject() {
    const at = [...this.cells.keys()].map((k) => k.split(",").map(Number));
    if (!at.length) return null;
    const [rows, columns] = [0, 1].map((i) => at.map((a) => a[i]));
    const [r, c] = [Math.min(...rows), Math.min(...columns)];
    return new Range(this, r, c, Math.max(...rows) - r + 1, Math.max(...columns) - c + 1);
  }
  Activate() { this.book.select(this.Name, "A1"); }
}

class Tables extends Items {
  constructor(sheet) { super(sheet.tables); this.sheet = sheet; }
  Add(address) {
    const a = parse(address);
    const table = new Table(this.sheet, new Range(this.sheet, a.row, a.column, a.rows, a.columns));
    this.sheet.tables.push(table);
    return table;
  }
}

class Worksheets extends Items {
  constructor(book) { super(book.sheets); this.book = book; }
  Add(name) {
    if (this.find(name)) fail("ItemAlreadyExists", `A sheet named ${name} stands there already.`);
    if (name.length > 31 || /[\\/?*[\]:]/.test(name)) fail("InvalidArgument", `No name of a sheet: ${name}`);
    const sheet = new Worksheet(this.book, name);
    this.book.sheets.push(sheet);
    return sheet;
  }
  GetActiveWorksheet() { return this.book.active.sheet; }
  _RegisterDataChangedEvent() {}
  _RegisterCalculatedEvent() {}
}

class Settings extends Items {
  constructor(book) { super(book.settings); this.book = book; }
  Add(Key, Value) {
    const old = this.find(Key);
    if (old) return Object.assign(old, { Value });
    const setting = { Key, Value };
    this.book.settings.push(setting);
    return setting;
  }
}

class Book {
  constructor() { Object.assign(this, { sheets: [], settings: [], active: null, selections: 0 }); }
  get Worksheets() { return new Worksheets(this); }
  get Settings() { return new Settings(this); }
  get Workbook() { return this; }
  _RemoveReference() {}
  GetActiveCell() { return this.active ?? fail("ItemNotFound", "Nothing is selected."); }
  sheet(name) { return this.sheets.find((s) => s.Name === name); }
  load(sheets) {
    for (const [name, { rows, table }] of Object.entries(sheets)) {
      const sheet = new Worksheets(this).Add(name);
      rows.forEach((row, r) => row.forEach((value, c) => sheet.set(r, c, value)));
      if (table) sheet.Tables.Add(table);
      this.active ??= sheet.GetRange("A1");
    }
  }
  select(name, address) {
    this.active = this.sheet(name).GetRange(address);
    this.selections += 1;
    tell(EVENTS.selection, "", {});
  }
  changed(range) {
    tell(EVENTS.changed, "Workbook", {
      address: range.Address.split("!").pop(), changeType: "RangeEdited", source: "Local",
      worksheetId: range.sheet.Id, type: "WorksheetChanged",
    });
  }
}

const book = new Book();
const log = [];
const references = new Map();

// One batch of the object model: paths are resolved to objects, actions run in order.
function answer({ Actions, ObjectPaths, AutoKeepReference }) {
  const objects = new Map();
  const argument = (info) => (info?.Arguments ?? []).map((value, i) => {
    const id = info.ReferencedObjectPathIds?.[i];
    return id ? object(id) : value;
  });
  const object = (id) => {
    if (objects.has(id)) return objects.get(id);
    const path = ObjectPaths[id];
    const parent = path.ParentObjectPathId ? object(path.ParentObjectPathId) : null;
    const made = resolve(path, parent, argument(path.ArgumentInfo));
    objects.set(id, made);
    return made;
  };
  const Results = [];
  for (const action of Actions) {
    try {
      // A trace mark belongs to no object.
      const on = action.ActionType === 5 ? book : object(action.ObjectPathId);
      if (AutoKeepReference) on?._KeepReference?.();
      Results.push({ ActionId: action.Id, Value: act(action, on, argument(action.ArgumentInfo)) });
    } catch (error) {
      log.push(`${action.Name}: ${error.message}`);
      return { Results, Error: { Code: error.code ?? "GeneralException", Message: error.message, ActionIndex: Results.length } };
    }
  }
  // The library registers its handlers once their marks come back.
  return { Results, TraceIds: Actions.filter((a) => a.ActionType === 5).map((a) => a.Id) };
}

function resolve(path, parent, given) {
  switch (path.ObjectPathType) {
    case 1: return book;
    case 2: return new Service();
    case 3: return parent === null ? null : member(parent, path.Name).apply(parent, given);
    case 4: return parent === null ? null : member(parent, path.Name);
    case 5: return parent.GetItem(...given);
    case 6: return [...references].find(([, id]) => id === path.Name)?.[0] ?? fail("InvalidObjectPath", path.Name);
    default: return fail("InvalidObjectPath", `No such kind of path: ${JSON.stringify(path)}`);
  }
}

function member(on, name) {
  return name in on ? on[name] : fail("ApiNotFound", `${on.constructor.name} has no ${name}.`);
}

const pascal = (name) => name[0].toUpperCase() + name.slice(1);

function act(action, on, given) {
  switch (action.ActionType) {
    case 1: return on === null ? null : { _ReferenceId: references.get(on), Id: on.Id };
    case 2: return on === null ? null : query(on, action.QueryInfo ?? {});
    case 3: return on === null ? null : (member(on, action.Name).apply(on, given) ?? null);
    case 4: member(on, action.Name); on[action.Name] = given[0]; return null;
    default: return null;
  }
}

function query(on, { Select = [], Expand = [] }) {
  const one = (item, names) => {
    const found = {};
    for (const name of names) {
      const [head, ...rest] = name.split("/").map(pascal);
      const value = member(item, head);
      found[head] = rest.length ? { ...found[head], ...one(value, [rest.join("/")]) } : value;
    }
    return found;
  };
  const names = [...Select, ...Expand].filter((name) => name !== "$none");
  if (!(on instanceof Items)) return one(on, names);
  const own = names.map((name) => name.replace(/^items\//i, "")).filter((name) => !/^items$/i.test(name));
  return { _Items: on.items.map((item) => one(item, own)) };
}

function tell(messageType, targetId, message) {
  const entries = [{ messageCategory: EVENTS.category, messageType, targetId, message: JSON.stringify(message) }];
  window._richApiNativeBridge.onMessageFromHost?.(JSON.stringify({ type: 3, message: { entries } }));
}

window._richApiNativeBridge = {
  sendMessageToHost(text) {
    const { id, message } = JSON.parse(text);
    const body = typeof message.body === "string" ? JSON.parse(message.body) : message.body;
    const reply = { statusCode: 200, headers: {}, body: JSON.stringify(answer(body)) };
    // Never at once: Excel answers from another process.
    setTimeout(() => this.onMessageFromHost(JSON.stringify({ id, type: 2, message: reply })), 1);
  },
};

const context = {
  GetAppType: () => 1, GetSolutionRef: () => "healthsheet", GetAppVersionMajor: () => 16,
  GetAppVersionMinor: () => 1, GetAppUILocale: () => "en-US", GetAppDataLocale: () => "en-US",
  GetDocUrl: () => "book.xlsx", GetAppCapabilities: () => 0, GetActivationMode: () => 1,
  GetControlIntegrationLevel: () => 0, GetSolutionToken: () => "", GetHostFullVersion: () => "16.0.17000.20000",
  GetSupportedMatrix: () => JSON.stringify({ ExcelApi: "1.16", SharedRuntime: "1.1", CustomFunctionsRuntime: "1.3" }),
  GetSettings: () => ({ Read() {}, Write() {} }),
  // Colours as numbers; without any, as in hosts that do not tell them.
  GetOfficeThemeInfo: () => JSON.stringify(window.excelHost.theme),
};
window.external = {
  GetContext: () => context,
  GetLoggingAllowed: () => false,
  Execute: (id, params, callback) => { log.push(`Execute ${id}`); callback?.([0]); },
  RegisterEvent: (id, target, handler, callback) => { log.push(`RegisterEvent ${id}`); callback?.(0); },
  UnregisterEvent: (id, target, callback) => callback?.(0),
};
window.excelHost = {
  theme: {},
  book,
  log,
  load: (sheets) => book.load(sheets),
  select: (sheet, address) => book.select(sheet, address),
  calculate: (sheet, address, value) => {
    const { row, column } = parse(address);
    book.sheet(sheet).set(row, column, value);
    tell(EVENTS.calculated, "Workbook", { worksheetId: book.sheet(sheet).Id, address });
  },
  type: (sheet, address, value) => { book.sheet(sheet).GetRange(address).Values = [[value]]; },
};
