// The script of the site's pages: search, buttons that copy code, the menu on narrow screens. It works from a disk: the
// search's index is a script that is added when the field is first used, since pages from a disk may fetch nothing.
import { type Found, find, type SearchPage, wordsOf } from "./find.js";

declare global {
  var foveaPages: readonly SearchPage[] | undefined;
}

const root = document.documentElement.dataset.root ?? "";

/** Search field and list, by the roles that the page gives them. */
function startSearch(): void {
  const box = document.querySelector<HTMLElement>(".search");
  const field = document.querySelector<HTMLInputElement>("#search");
  const list = document.querySelector<HTMLElement>("#found");
  if (box === null || field === null || list === null) return;
  box.hidden = false;
  let asked = false;
  let chosen = -1;

  const choices = (): HTMLAnchorElement[] => [...list.querySelectorAll("a")];
  const choose = (index: number): void => {
    const links = choices();
    chosen = links.length === 0 ? -1 : (index + links.length) % links.length;
    for (const [i, link] of links.entries()) link.setAttribute("aria-selected", String(i === chosen));
    field.setAttribute("aria-activedescendant", chosen < 0 ? "" : links[chosen]!.id);
    links[chosen]?.scrollIntoView({ block: "nearest" });
  };
  const close = (): void => {
    list.hidden = true;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };
  const show = (): void => {
    const query = field.value.trim();
    if (query === "" || globalThis.foveaPages === undefined) {
      close();
      return;
    }
    const found = find(globalThis.foveaPages, query);
    list.replaceChildren(...(found.length > 0 ? found.map((hit, i) => resultOf(hit, i, query)) : [nothing(query)]));
    list.hidden = false;
    field.setAttribute("aria-expanded", "true");
    chosen = -1;
    if (found.length > 0) choose(0);
  };
  const loadIndex = (): void => {
    if (asked) return;
    asked = true;
    const script = document.createElement("script");
    script.src = `${root}search.js`;
    script.addEventListener("load", show);
    document.head.append(script);
  };
  field.addEventListener("focus", loadIndex);
  field.addEventListener("input", () => {
    loadIndex();
    show();
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      field.value = "";
      close();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      choose(chosen + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter") choices()[chosen]?.click();
  });
  list.addEventListener("click", close);
  document.addEventListener("click", ({ target }) => {
    if (target instanceof Node && !box.contains(target)) close();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || document.activeElement === field) return;
    event.preventDefault();
    field.focus();
  });
}

const element = (tag: string, text: string): HTMLElement =>
  Object.assign(document.createElement(tag), { textContent: text });

function resultOf({ title, heading, address, excerpt }: Found, index: number, query: string): HTMLElement {
  const link = document.createElement("a");
  link.href = `${root}${address}`;
  link.id = `found-${index}`;
  link.tabIndex = -1;
  link.setAttribute("role", "option");
  const small = document.createElement("small");
  small.append(...marked(excerpt, query));
  link.append(element("strong", heading === title ? title : `${title}: ${heading}`), small);
  return link;
}

/** Text with the words of the query marked. */
function marked(text: string, query: string): (string | HTMLElement)[] {
  const words = wordsOf(query).join("|");
  return text
    .split(new RegExp(`((?<![\\p{L}\\p{N}])(?:${words}))`, "giu"))
    .map((part, i) => (i % 2 === 1 ? element("mark", part) : part));
}

const nothing = (query: string): HTMLElement => element("p", `Nothing is said about "${query}".`);

/** A button beside each block of code, where the page may use the clipboard. */
function startCopying(): void {
  if (!("clipboard" in navigator)) return;
  for (const block of document.querySelectorAll<HTMLElement>(".code")) {
    const button = element("button", "Copy");
    button.className = "copy";
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(block.querySelector("code")?.textContent ?? "");
      button.textContent = "Copied";
      setTimeout(() => {
        button.textContent = "Copy";
      }, 1500);
    });
    block.append(button);
  }
}

/** The navigation folded on narrow screens. */
function startMenu(): void {
  const menu = document.querySelector<HTMLDetailsElement>(".menu");
  const narrow = matchMedia("(max-width: 860px)");
  const fit = (): void => {
    if (menu !== null) menu.open = !narrow.matches;
  };
  narrow.addEventListener("change", fit);
  fit();
  document.querySelector('nav.site a[aria-current="page"]')?.scrollIntoView({ block: "nearest" });
}

startMenu();
startSearch();
startCopying();
