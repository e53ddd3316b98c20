// The grid of images: one list of options of which only those that are seen are there; a cell that leaves on one side comes
// again on the other, with another image. Arrows move, space selects, shift extends; what the keys of labels do is for the view
// around it.
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Host } from "../../host/host.js";
import { host } from "../../host/index.js";
import { Cell } from "./cell.tsx";
import { keptInView, layoutOf, moved, rowAt, scrollTo, seenIn, slotsOf } from "./grid-layout.ts";
import type { ImagePages } from "./image-pages.ts";
import "./grid.css";

/** Ways in which a click or a key selects: only this one, this one too, or all up to it. */
export type SelectWay = "only" | "toggle" | "extend";

interface Props {
  readonly project: string;
  readonly pages: ImagePages;
  readonly total: number;
  /** Wanted width of a cell in pixels. */
  readonly size: number;
  readonly selected: ReadonlySet<number>;
  /** Position of the cell that keys act on. */
  readonly cursor: number;
  readonly onMove: (position: number) => void;
  /** Somebody wants to look at an image closely. */
  readonly onLook: (position: number) => void;
  readonly onSelect: (position: number, mode: SelectWay) => void;
  readonly onSelectAll: () => void;
}

/** Rows that pass in a frame, from which on the grid counts as flying; milliseconds after which it has landed. */
const FLYING = 0.75;
const LANDED = 90;

export function Grid(props: Props) {
  const { project, pages, total, size, selected, cursor, onMove, onLook, onSelect, onSelectAll } = props;
  const box = useRef<HTMLDivElement>(null);
  const view = useSize(box);
  const [top, setTop] = useState(0);
  const [isFlying, setFlying] = useState(false);
  const landing = useRef<ReturnType<typeof setTimeout>>(undefined);
  const connection = useHost();
  const layout = useMemo(() => layoutOf(total, view.width - 2 * PADDING, size), [total, view.width, size]);
  // The height of another row, for `top` is where a row begins, and the box may show two rows in part.
  const [first, end] = seenIn(layout, top, view.height + layout.step);
  const slots = slotsOf(layout, view.height + layout.step);
  // The last scroll position that was meant, and the layout that it was meant for.
  const meant = useRef({ layout, top: 0 });
  useLayoutEffect(() => {
    const next = keptInView(meant.current.layout, layout, meant.current.top, view.height, cursor);
    meant.current = { layout, top: next };
    if (next === box.current!.scrollTop) return;
    box.current!.scrollTop = next;
    setTop(rowAt(layout, next));
  }, [layout]);
  useEffect(() => {
    if (!isFlying && view.height > 0) pages.want(first, end);
  }, [pages, first, end, isFlying, view.height]);
  const scrolled = (): void => {
    const next = box.current!.scrollTop;
    if (Math.abs(next - meant.current.top) > FLYING * layout.step) {
      setFlying(true);
      clearTimeout(landing.current);
      landing.current = setTimeout(() => setFlying(false), LANDED);
    }
    meant.current = { layout, top: next };
    // Nothing is drawn anew before another row comes.
    setTop(rowAt(layout, next));
  };
  const goTo = (position: number): void => {
    onMove(position);
    const next = scrollTo(layout, position, meant.current.top, view.height - 2 * PADDING);
    meant.current = { layout, top: next };
    box.current!.scrollTop = next;
  };
  const pressed = (event: KeyboardEvent): void => {
    if (event.altKey) return;
    if ((event.ctrlKey || event.metaKey) && event.key === "a") {
      event.preventDefault();
      onSelectAll();
      return;
    }
    if (event.ctrlKey || event.metaKey) return;
    if (event.key === " ") {
      event.preventDefault();
      onSelect(cursor, event.shiftKey ? "extend" : "toggle");
      return;
    }
    const next = moved(layout, cursor, event.key, Math.max(1, Math.floor(view.height / layout.step)));
    if (next === undefined) return;
    event.preventDefault();
    goTo(next);
    if (event.shiftKey) onSelect(next, "extend");
  };
  const picked = (event: MouseEvent): void => {
    const cell = (event.target as Element).closest<HTMLElement>("[data-position]");
    if (cell === null) return;
    const position = Number(cell.dataset.position);
    onMove(position);
    onLook(position);
    // A finger has no keys to add with.
    const isTouch = (event as PointerEvent).pointerType === "touch";
    const adds = event.ctrlKey || event.metaKey || isTouch;
    onSelect(position, event.shiftKey ? "extend" : adds ? "toggle" : "only");
  };
  const positions = Array.from({ length: end - first }, (_, i) => first + i);
  return (
    <div
      class="grid"
      ref={box}
      role="listbox"
      aria-label="Images"
      aria-multiselectable="true"
      aria-activedescendant={cursor >= first && cursor < end ? `image-${cursor}` : undefined}
      tabIndex={0}
      onScroll={scrolled}
      onKeyDown={pressed}
      onClick={picked}
    >
      <div class="grid-all" style={{ height: `${layout.height}px` }}>
        {positions.map((position) => (
          <Cell
            key={position % slots}
            {...{ position, layout, connection, project, isFlying, total }}
            item={pages.at(position)}
            isSelected={selected.has(pages.at(position)?.index ?? -1)}
            isCursor={position === cursor}
          />
        ))}
      </div>
    </div>
  );
}

const PADDING = 8;

/** The inner size of an element in pixels; nothing before it is drawn. */
function useSize(box: RefObject<HTMLElement | null>): { readonly width: number; readonly height: number } {
  const [size, setSize] = useState({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const element = box.current!;
    const measure = (): void => setSize({ width: element.clientWidth, height: element.clientHeight });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return size;
}

/** The way to the workbench, for pictures that are drawn by the hundred. */
function useHost(): Host | undefined {
  const [connection, setConnection] = useState<Host>();
  useEffect(() => {
    host().then(
      (there) => setConnection(() => there),
      () => undefined,
    );
  }, []);
  return connection;
}
