// A picture as a grid of cells that can be pointed at, dragged over and walked by keys. Values stand in the cells where they
// are large enough to be read; marks lie over them.
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { type Border, type Cell, cellAfter, type Mark, NO_BORDER } from "./cells.ts";
import { drawCells } from "./draw.ts";
import "./pixel-grid.css";

export interface PixelGridProps {
  /** A name for those who do not see it: the picture, and what can be done with it. */
  readonly label: string;
  readonly rows: number;
  readonly columns: number;
  /** Colours of the cells, four bytes each. */
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
  /** Text of a cell, where there is room for it. */
  readonly text?: (row: number, column: number) => string;
  /** The largest side of a cell in pixels of the page; narrow pages make it smaller. Default 24. */
  readonly cell?: number;
  readonly marks?: readonly Mark[];
  readonly border?: Border;
  /** Text in each cell of the border. Default: none. */
  readonly borderText?: string;
  /** The cell that arrow keys start from, and that is spoken. */
  readonly at?: Cell;
  /** Hears the cell under the pointer, undefined when it leaves. */
  readonly onPoint?: (cell: Cell | undefined) => void;
  /** Hears the cell that is pressed, dragged to or reached by keys. */
  readonly onPick?: (cell: Cell) => void;
  /** Describes a cell to those who do not see it. */
  readonly describe?: (cell: Cell) => string;
  /** The cells that arrow keys walk, where they are not those of the grid: a footprint goes by its stride. */
  readonly walk?: Walk;
}

export interface Walk {
  readonly at: Cell;
  readonly rows: number;
  readonly columns: number;
  readonly onPick: (cell: Cell) => void;
}

export function PixelGrid(props: PixelGridProps) {
  const { rows, columns, rgba, text, cell = 24, border = NO_BORDER, borderText = "", at, describe } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const [shown, setShown] = useState(cell);
  const wide = columns + border.left + border.right;
  const high = rows + border.top + border.bottom;
  useLayoutEffect(() => {
    const element = canvas.current!;
    const measure = (): void => setShown(element.clientWidth / wide);
    const watch = new ResizeObserver(measure);
    watch.observe(element);
    measure();
    return () => watch.disconnect();
  }, [wide]);
  useLayoutEffect(() => {
    drawCells(canvas.current!, { rows, columns, rgba, border, borderText, cell: shown, ...(text && { text }) });
  }, [rows, columns, rgba, text, shown, borderText, border.top, border.right, border.bottom, border.left]);
  return (
    <div
      class="pixel-grid"
      style={{ width: `min(100%, ${wide * cell}px)`, aspectRatio: `${wide} / ${high}` }}
      {...listenersOf(props, wide, high)}
    >
      <canvas ref={canvas} />
      <Marks {...props} border={border} wide={wide} high={high} />
      {at && describe && (
        <output class="visually-hidden" aria-live="polite">
          {describe(at)}
        </output>
      )}
    </div>
  );
}

/** The role of the grid and its answers to pointer and keys; a grid without listeners is an image. */
function listenersOf(props: PixelGridProps, wide: number, high: number) {
  const { label, rows, columns, border = NO_BORDER, at = { row: 0, column: 0 }, onPoint, onPick } = props;
  if (onPoint === undefined && onPick === undefined) return { role: "img" as const, "aria-label": label };
  const walk = props.walk ?? { at, rows, columns, onPick: onPick ?? onPoint };
  const cellUnder = (event: PointerEvent): Cell | undefined => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const column = Math.floor(((event.clientX - box.left) / box.width) * wide) - border.left;
    const row = Math.floor(((event.clientY - box.top) / box.height) * high) - border.top;
    const isInside = row >= 0 && row < rows && column >= 0 && column < columns;
    return isInside ? { row, column } : undefined;
  };
  const pick = (event: PointerEvent): void => {
    const cell = cellUnder(event);
    if (cell !== undefined) onPick?.(cell);
  };
  return {
    role: "application" as const,
    "aria-label": label,
    tabIndex: 0,
    "data-drags": props.walk !== undefined,
    onPointerDown: (event: PointerEvent) => {
      if (event.button !== 0) return;
      (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
      pick(event);
    },
    onPointerMove: (event: PointerEvent) => {
      if (event.buttons & 1) pick(event);
      else onPoint?.(cellUnder(event));
    },
    onPointerLeave: () => onPoint?.(undefined),
    onKeyDown: (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const next = cellAfter(event.key, walk.at, walk.rows, walk.columns);
      if (next === undefined) return;
      event.preventDefault();
      walk.onPick?.(next);
    },
  };
}

interface MarksProps extends PixelGridProps {
  readonly border: Border;
  readonly wide: number;
  readonly high: number;
}

function Marks({ marks = [], border, wide, high }: MarksProps) {
  return (
    <svg viewBox={`${-border.left} ${-border.top} ${wide} ${high}`} preserveAspectRatio="none" aria-hidden="true">
      {marks.map(({ row, column, rows, columns, kind }) => (
        <g key={`${kind} ${row} ${column}`}>
          <rect class="halo" x={column} y={row} width={columns} height={rows} />
          <rect class={kind} x={column} y={row} width={columns} height={rows} />
        </g>
      ))}
    </svg>
  );
}
