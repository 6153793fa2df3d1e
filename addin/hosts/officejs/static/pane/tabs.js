/** Tabs as the ARIA pattern has them: one Tab stop, arrows, Home and End switch. */

/**
 * @param {HTMLElement} list
 * @param {(name: string) => void} onShow told the name of the tab that is shown
 * @returns {(name: string, options?: {focus?: boolean}) => void} shows a tab
 */
export function createTabs(list, onShow) {
  const tabs = [...list.querySelectorAll("[role=tab]")];
  const nameOf = (tab) => tab.id.replace("tab-", "");

  function show(name, { focus = false } = {}) {
    for (const tab of tabs) {
      const isShown = nameOf(tab) === name;
      tab.setAttribute("aria-selected", String(isShown));
      tab.tabIndex = isShown ? 0 : -1;
      document.getElementById(tab.getAttribute("aria-controls")).hidden = !isShown;
      if (isShown && focus) tab.focus();
    }
    onShow(name);
  }

  list.addEventListener("click", ({ target }) => {
    const tab = target.closest("[role=tab]");
    if (tab) show(nameOf(tab));
  });
  list.addEventListener("keydown", (event) => {
    const at = tabs.indexOf(document.activeElement);
    const last = tabs.length - 1;
    const next = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at === 0 ? last : at - 1,
      Home: 0, End: last }[event.key];
    if (next === undefined || at === -1) return;
    event.preventDefault();
    show(nameOf(tabs[next]), { focus: true });
  });
  return show;
}
