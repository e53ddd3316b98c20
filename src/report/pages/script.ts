// The run page's only script: pointing at a cell of the confusion matrix, or going there by the arrow keys, says what it
// counts; opening one that holds mistakes shows their images. The page is complete without it.

export const SCRIPT = `
(() => {
  const chart = document.getElementById("confusion-chart");
  const panel = document.getElementById("cell");
  if (!chart || !panel) return;
  const hint = panel.textContent;
  let held = false;
  const cells = [...chart.querySelectorAll("a[aria-label], path[aria-label]")];
  const cellOf = (event) => event.target.closest("a[aria-label], path[aria-label]");
  const say = (cell) => { panel.textContent = cell ? cell.getAttribute("aria-label") : hint; held = false; };
  chart.addEventListener("mouseover", (event) => { if (!held) say(cellOf(event)); });
  chart.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link) { say(); return; }
    event.preventDefault();
    const address = link.href.baseVal;
    const images = [...document.querySelectorAll("#failures figure")].filter((figure) => figure.dataset.cell === address.slice(1));
    const line = document.createElement("p");
    line.textContent = link.getAttribute("aria-label");
    line.textContent += "; " + images.length + " of them " + (images.length === 1 ? "is" : "are") + " in this page";
    const gallery = document.createElement("div");
    gallery.className = "gallery";
    gallery.append(...images.map((figure) => figure.cloneNode(true)));
    panel.replaceChildren(line, gallery);
    held = true;
  });
  // One stop of the tab key for all cells; arrows go to the next in a row or column, or else to the nearest that way.
  const keys = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const boxes = new Map();
  const middle = (cell) => {
    if (!boxes.has(cell)) {
      const { x, y, width, height } = cell.getBBox();
      boxes.set(cell, [(x + width / 2) / width, (y + height / 2) / height]);
    }
    return boxes.get(cell);
  };
  const stop = (cell) => { for (const other of cells) other.setAttribute("tabindex", other === cell ? "0" : "-1"); };
  stop(cells.find((cell) => cell.tagName === "a") ?? cells[0]);
  chart.addEventListener("focusin", (event) => { const cell = cellOf(event); if (cell) { stop(cell); say(cell); } });
  chart.addEventListener("keydown", (event) => {
    const cell = cellOf(event);
    const step = keys[event.key];
    if (!cell || !step) return;
    event.preventDefault();
    const [x, y] = middle(cell);
    const far = (other) => {
      const [dx, dy] = [middle(other)[0] - x, middle(other)[1] - y];
      const along = dx * step[0] + dy * step[1];
      return along < 0.5 ? Infinity : along + 1000 * Math.abs(dx * step[1] + dy * step[0]);
    };
    const next = cells.reduce((best, other) => (far(other) < far(best) ? other : best), cell);
    if (far(next) < Infinity) next.focus();
  });
})();
`;
