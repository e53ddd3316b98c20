// Pages of images as the grid scrolls over them: asked for when they are seen, the last wanted first, kept up to a bound.
// After a change of labels the old ones are shown until the new ones come.
import { useEffect, useMemo, useReducer } from "preact/hooks";
import type { ImageOrder } from "../../../contract/data-facts.js";
import type { ImageFilter, ImageItem, ImagePage } from "../../../contract/facts.js";
import { sentenceOf } from "../../frame/sentence.ts";
import { host } from "../../host/index.js";

/** Images of a page, pages that are kept, and calls at a time. */
const PAGE = 200;
const KEPT = 100;
const AT_ONCE = 2;

type Ask = (from: number, count: number) => Promise<ImagePage>;

export class ImagePages {
  total: number | undefined;
  error: string | undefined;
  readonly #pages = new Map<number, readonly ImageItem[]>();
  readonly #asked = new Set<number>();
  #wanted: readonly number[] = [];
  #isOpen = true;

  /** @param before what is shown until new pages come */
  constructor(
    readonly ask: Ask,
    readonly onChange: () => void,
    private before?: ImagePages,
  ) {
    this.total = before?.total;
    before?.close();
    // Only the last ones: a chain of all before it would keep every page that ever was.
    if (before !== undefined) before.before = undefined;
  }

  close(): void {
    this.#isOpen = false;
  }

  /** The image at a position; undefined before it comes. */
  at(position: number): ImageItem | undefined {
    return this.#known(position) ?? (this.before === undefined ? undefined : this.before.#known(position));
  }

  #known(position: number): ImageItem | undefined {
    return this.#pages.get(Math.floor(position / PAGE))?.[position % PAGE];
  }

  /** Asks for what is missing of the positions from `first` to `end`. */
  want(first: number, end: number): void {
    const pages: number[] = [];
    for (let page = Math.floor(first / PAGE); page * PAGE < Math.max(end, 1); page++) pages.push(page);
    this.#wanted = pages;
    this.#next();
  }

  #next(): void {
    while (this.#isOpen && this.#asked.size < AT_ONCE) {
      const page = this.#wanted.find((wanted) => !this.#pages.has(wanted) && !this.#asked.has(wanted));
      if (page === undefined) return;
      this.#asked.add(page);
      this.#bring(page).finally(() => {
        this.#asked.delete(page);
        if (this.#isOpen) this.onChange();
        this.#next();
      });
    }
  }

  async #bring(page: number): Promise<void> {
    try {
      const { total, items } = await this.ask(page * PAGE, PAGE);
      this.total = total;
      this.error = undefined;
      this.#pages.set(page, items);
      const seen = new Set(this.#wanted);
      for (const old of this.#pages.keys()) {
        if (this.#pages.size <= KEPT) break;
        if (!seen.has(old)) this.#pages.delete(old);
      }
    } catch (failure) {
      this.error = sentenceOf(failure);
      this.#wanted = [];
    }
  }
}

/** The images of a project under a filter, in an order. @param version asks again when it changes */
export function useImagePages(project: string, filter: ImageFilter, order: ImageOrder, version: string): ImagePages {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const key = JSON.stringify([project, filter, order]);
  const kept = useMemo((): { pages?: ImagePages; key?: string } => ({}), []);
  const pages = useMemo(() => {
    const ask: Ask = async (from, count) => (await host()).call("images", { project, filter, order, from, count });
    kept.pages = new ImagePages(ask, () => redraw(undefined), kept.key === key ? kept.pages : undefined);
    kept.key = key;
    kept.pages.want(0, 1);
    return kept.pages;
  }, [key, version]);
  useEffect(() => () => kept.pages?.close(), []);
  return pages;
}
