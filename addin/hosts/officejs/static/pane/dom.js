/**
 * Elements from plain calls. What people typed goes through text nodes only, so that it can never
 * become markup.
 */

const SVG = "http://www.w3.org/2000/svg";

/**
 * An element.
 * @param {string} name tag, with classes behind dots: "p.small"
 * @param {object | null} [given] attributes; `style` as an object, `on…` as a listener; null,
 *   undefined and false leave an attribute out
 * @param {...(Node | string | number | null | undefined | false | Array)} children
 */
export function h(name, given = null, ...children) {
  const [tag, ...classes] = name.split(".");
  const element = document.createElement(tag);
  if (classes.length) element.className = classes.join(" ");
  for (const [key, value] of Object.entries(given ?? {})) set(element, key, value);
  element.append(...children.flat(2).filter((c) => c !== null && c !== undefined && c !== false));
  return element;
}

function set(element, key, value) {
  if (value === null || value === undefined || value === false) return;
  if (key === "style") Object.assign(element.style, value);
  else if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
  else if (key === "value") element.value = value;
  else element.setAttribute(key, value === true ? "" : value);
}

/** A button. @param {"main" | "plain" | "slight"} look */
export function button(look, id, text, onclick, more = {}) {
  const classes = look === "slight" ? "plain.slight" : look;
  return h(`button.${classes}`, { id, type: "button", onclick, ...more }, text);
}

/** The shape of a tier; words beside it say the same. */
export function shape(tier) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#shape-${tier || "none"}`);
  svg.append(use);
  return svg;
}

/** A tier as shape and word, in its colour. */
export function tierWord(tier, label) {
  return h(`span.tier.${tier || "none"}`, null, shape(tier), label || "No score");
}

/** A section with its heading. */
export function section(id, title, ...children) {
  return h("section", { "aria-labelledby": id }, h("h2", { id }, title), ...children);
}

/** Panel → id of what had the focus in it, while that is away. */
const away = new WeakMap();

/**
 * Put new children into a panel where they differ from those that stand there: so an alert is not
 * said twice, and what a person types or opens stays. Whoever had the focus inside keeps it, and gets it
 * back where a button comes back after a moment.
 * @param {HTMLElement} panel
 */
export function replace(panel, ...children) {
  const next = h("div", null, children.flat(2));
  const opened = [...panel.querySelectorAll("details")].map(({ open }) => open);
  next.querySelectorAll("details").forEach((one, index) => { one.open = opened[index] ?? false; });
  if (next.innerHTML === panel.innerHTML) return;
  const focused = panel.contains(document.activeElement) ? document.activeElement : null;
  panel.replaceChildren(...next.childNodes);
  const id = focused === panel ? away.get(panel) : focused?.id;
  if (!focused || (focused === panel && !id)) return;
  const again = id && panel.querySelector(`#${CSS.escape(id)}`);
  (again || panel).focus({ preventScroll: true });
  if (again || !id) return;
  away.set(panel, id);
  panel.addEventListener("blur", () => away.delete(panel), { once: true });
}
