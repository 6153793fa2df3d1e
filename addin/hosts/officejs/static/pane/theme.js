// Light or dark before the first paint: as the system has it. What Office says comes later
// (main.js), and wins. Not a module, because modules run after the page was painted.
(() => {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const root = document.documentElement;
  const follow = () => {
    if (root.dataset.from !== "office") root.dataset.theme = system.matches ? "dark" : "light";
  };
  system.addEventListener("change", follow);
  follow();
})();
