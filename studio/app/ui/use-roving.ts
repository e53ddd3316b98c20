// One stop of the tab key for many buttons in rows: arrows go from one to the next, home and end to the first and the last.
import { useState } from "preact/hooks";

const NEXT: Readonly<Record<string, (at: number, columns: number, last: number) => number>> = {
  ArrowLeft: (at) => at - 1,
  ArrowRight: (at) => at + 1,
  ArrowUp: (at, columns) => at - columns,
  ArrowDown: (at, columns) => at + columns,
  Home: () => 0,
  End: (_at, _columns, last) => last,
};

/** Attributes of a button among others. */
export interface RovingButton {
  readonly tabIndex: 0 | -1;
  readonly onFocus: () => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

/**
 * @param stops true for each button that can have the focus
 * @returns the attributes of a button by its position
 */
export function useRoving(stops: readonly boolean[]): (position: number) => RovingButton {
  const [last, setLast] = useState(0);
  const entry = stops[last] ? last : stops.indexOf(true);
  const pressed = (event: KeyboardEvent): void => {
    const here = event.currentTarget as HTMLElement;
    const all = [...(here.closest("ul, tbody")?.querySelectorAll<HTMLElement>("button:not(:disabled)") ?? [])];
    const top = all[0]?.getBoundingClientRect().top;
    const columns = all.filter((button) => button.getBoundingClientRect().top === top).length;
    const to = NEXT[event.key]?.(all.indexOf(here), columns, all.length - 1);
    if (to === undefined) return;
    event.preventDefault();
    all[to]?.focus();
  };
  return (position) => ({
    tabIndex: position === entry ? 0 : -1,
    onFocus: () => setLast(position),
    onKeyDown: pressed,
  });
}
