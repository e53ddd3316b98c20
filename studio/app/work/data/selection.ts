// The images that are selected, by their numbers: what a filter hides is selected no longer.
import { useEffect, useRef, useState } from "preact/hooks";
import type { ImageOrder } from "../../../contract/data-facts.js";
import type { ImageFilter } from "../../../contract/facts.js";
import { sentenceOf } from "../../frame/sentence.ts";
import { host } from "../../host/index.js";
import type { SelectWay } from "./grid.tsx";
import type { ImagePages } from "./image-pages.ts";

interface Shown {
  readonly project: string;
  readonly filter: ImageFilter;
  readonly order: ImageOrder;
  readonly pages: ImagePages;
}

export interface Selection {
  readonly selected: ReadonlySet<number>;
  /** The sentence where images could not be selected. */
  readonly error: string | undefined;
  /** Position of the cell that keys act on. */
  readonly cursor: number;
  move(position: number): void;
  select(position: number, mode: SelectWay): void;
  selectAll(): void;
  clear(): void;
}

const NONE: ReadonlySet<number> = new Set();

export function useSelection({ project, filter, order, pages }: Shown): Selection {
  const [selected, setSelected] = useState(NONE);
  const [cursor, setCursor] = useState(0);
  const [error, setError] = useState<string>();
  const anchor = useRef(0);
  const newest = useRef(0);
  const key = JSON.stringify([project, filter, order]);
  useEffect(() => {
    change(NONE);
    setError(undefined);
    setCursor(0);
    anchor.current = 0;
  }, [key]);
  const total = pages.total ?? 0;
  const last = Math.max(0, total - 1);
  /** Numbers of the images at some positions; of those that have not been seen the workbench knows. */
  const numbers = async (from: number, count: number): Promise<readonly number[]> => {
    const known = Array.from({ length: count }, (_, i) => pages.at(from + i)?.index);
    if (known.every((index) => index !== undefined)) return known;
    return (await host()).call("numbers", { project, filter, order, from, count });
  };
  /** Selects the images at some positions, unless others are shown or selected before their numbers come. */
  const selectRange = async (from: number, count: number): Promise<void> => {
    newest.current++;
    const number = newest.current;
    setError(undefined);
    try {
      const all = await numbers(from, count);
      if (number === newest.current) setSelected(new Set(all));
    } catch (failure) {
      if (number === newest.current) setError(sentenceOf(failure));
    }
  };
  const change = (to: ReadonlySet<number>): void => {
    newest.current++;
    setSelected(to);
  };
  return {
    selected,
    error,
    cursor: Math.min(cursor, last),
    move: setCursor,
    select: (position, mode) => {
      if (mode === "extend") {
        const from = Math.min(anchor.current, position);
        selectRange(from, Math.abs(anchor.current - position) + 1);
        return;
      }
      anchor.current = position;
      const index = pages.at(position)?.index;
      if (index === undefined) return;
      if (mode === "only") return change(new Set([index]));
      const next = new Set(selected);
      if (!next.delete(index)) next.add(index);
      change(next);
    },
    selectAll: () => {
      selectRange(0, total);
    },
    clear: () => change(NONE),
  };
}
