// The run page's only script: pointing at a cell of the confusion matrix says what it counts,
// clicking one that holds mistakes shows their images. The page is complete without it.

export const SCRIPT = `
(() => {
  const chart = document.getElementById("confusion-chart");
  const panel = document.getElementById("cell");
  if (!chart || !panel) return;
  const hint = panel.textContent;
  let held = false;
  const cellOf = (event) => event.target.closest("[aria-label][role=graphics-symbol]");
  chart.addEventListener("mouseover", (event) => {
    const cell = cellOf(event);
    if (!held) panel.textContent = cell && cell.tagName === "path" ? cell.getAttribute("aria-label") : hint;
  });
  chart.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    held = false;
    if (!link) { panel.textContent = hint; return; }
    event.preventDefault();
    const address = link.href.baseVal;
    const images = [...document.querySelectorAll("#failures figure")].filter((figure) => figure.dataset.cell === address.slice(1));
    const line = document.createElement("p");
    line.textContent = link.querySelector("path").getAttribute("aria-label");
    line.textContent += "; " + images.length + (images.length === 1 ? " image is" : " images are") + " in this page";
    const gallery = document.createElement("div");
    gallery.className = "gallery";
    gallery.append(...images.map((figure) => figure.cloneNode(true)));
    panel.replaceChildren(line, gallery);
    held = true;
  });
})();
`;
