// Places of a grid's cells, by arithmetic alone: of a hundred thousand only those that are seen are drawn.

/** Pixels between cells, and of the line below a picture. */
export const GAP = 8;
export const CAPTION = 24;

export interface GridLayout {
  readonly count: number;
  readonly columns: number;
  readonly rows: number;
  /** Width of a cell, and the height of its picture. */
  readonly cell: number;
  /** From the top of one row to that of the next. */
  readonly step: number;
  /** Of the whole grid. */
  readonly height: number;
}

/** @param size wanted width of a cell; cells grow until they fill the row */
export function layoutOf(count: number, width: number, size: number): GridLayout {
  const columns = Math.max(1, Math.floor((width + GAP) / (size + GAP)));
  const cell = Math.max(1, Math.floor((width - GAP * (columns - 1)) / columns));
  const step = cell + CAPTION + GAP;
  const rows = Math.ceil(count / columns);
  return { count, columns, rows, cell, step, height: Math.max(0, rows * step - GAP) };
}

/** Positions that are seen between two heights, and those of some rows around them: `[first, end)`. */
export function seenIn(
  { count, columns, step }: GridLayout,
  top: number,
  height: number,
  around = 2,
): readonly [first: number, end: number] {
  const firstRow = Math.max(0, Math.floor(top / step) - around);
  const endRow = Math.ceil((top + height) / step) + around;
  return [Math.min(count, firstRow * columns), Math.min(count, endRow * columns)];
}

/** Cells that are there at most: the position of an image, divided by it, leaves a remainder that no other one has. */
export const slotsOf = ({ columns, step }: GridLayout, height: number, around = 2): number =>
  columns * (Math.ceil(height / step) + 1 + 2 * around);

/** The top of the row that a scroll position is in. */
export const rowAt = ({ step }: GridLayout, top: number): number => Math.floor(top / step) * step;

export function placeOf({ columns, cell, step }: GridLayout, position: number): { left: number; top: number } {
  return { left: (position % columns) * (cell + GAP), top: Math.floor(position / columns) * step };
}

/** The scroll position at which a cell is seen, the nearest to the one that is there. */
export function scrollTo(layout: GridLayout, position: number, top: number, height: number): number {
  const rowTop = placeOf(layout, position).top;
  const bottom = rowTop + layout.step;
  if (rowTop < top) return rowTop;
  return bottom > top + height ? bottom - height : top;
}

/**
 * The scroll position at which a grid that is laid out anew shows what it showed before: the cell of the cursor where that
 * was seen, or the first one, as far below the upper edge as it was.
 */
export function keptInView(before: GridLayout, after: GridLayout, top: number, height: number, cursor: number): number {
  if (before.columns === after.columns && before.step === after.step) return top;
  if (before.count !== after.count || before.count === 0) return top;
  const ofCursor = placeOf(before, cursor).top;
  const isSeen = ofCursor + before.step > top && ofCursor < top + height;
  const anchor = isSeen ? cursor : Math.min(before.count - 1, Math.floor(top / before.step) * before.columns);
  const below = placeOf(before, anchor).top - top;
  return Math.max(0, placeOf(after, anchor).top - below);
}

/** The position that a key of the keyboard leads to; undefined for other keys. */
export function moved({ columns, count }: GridLayout, position: number, key: string, pageRows: number) {
  const last = count - 1;
  const within = (wanted: number): number => Math.min(last, Math.max(0, wanted));
  switch (key) {
    case "ArrowLeft":
      return within(position - 1);
    case "ArrowRight":
      return within(position + 1);
    case "ArrowUp":
      return position < columns ? position : position - columns;
    case "ArrowDown":
      return position + columns > last ? position : position + columns;
    case "PageUp":
      return within(position - columns * pageRows);
    case "PageDown":
      return within(position + columns * pageRows);
    case "Home":
      return within(0);
    case "End":
      return within(last);
    default:
      return undefined;
  }
}
