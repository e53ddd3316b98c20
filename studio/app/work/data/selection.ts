// The images that are selected, by their numbers: what a filter hides is selected no longer.
import { useEffect, useRef, useState } from "preact/hooks";
import type { ImageOrder } from "../../../contract/data-facts.js";
import type { ImageFilter } from "../../../contract/facts.js";
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
  /** Position of the cell that keys act on. */
  readonly cursor: number;
  move(position: number): void;
  select(position: number, way: SelectWay): void;
  selectAll(): void;
  clear(): void;
}

const NONE: ReadonlySet<number> = new Set();

export function useSelection({ project, filter, order, pages }: Shown): Selection {
  const [selected, setSelected] = useState(NONE);
  const [cursor, setCursor] = useState(0);
  const anchor = useRef(0);
  const key = JSON.stringify([project, filter, order]);
  useEffect(() => {
    setSelected(NONE);
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
  const extend = async (position: number): Promise<void> => {
    const [from, to] = [Math.min(anchor.current, position), Math.max(anchor.current, position)];
    setSelected(new Set(await numbers(from, to - from + 1)));
  };
  return {
    selected,
    cursor: Math.min(cursor, last),
    move: setCursor,
    select: (position, way) => {
      if (way === "extend") return void extend(position).catch(() => undefined);
      anchor.current = position;
      const index = pages.at(position)?.index;
      if (index === undefined) return;
      if (way === "only") return setSelected(new Set([index]));
      const next = new Set(selected);
      if (!next.delete(index)) next.add(index);
      setSelected(next);
    },
    selectAll: () => {
      numbers(0, total).then(
        (all) => setSelected(new Set(all)),
        () => undefined,
      );
    },
    clear: () => setSelected(NONE),
  };
}
