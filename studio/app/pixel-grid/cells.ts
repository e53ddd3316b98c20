// Cells of a grid, marks over them, and the keys that walk them.
export interface Cell {
  readonly row: number;
  readonly column: number;
}

/** A rectangle of cells that is marked. Rows and columns may lie outside of the picture, in the padding around it. */
export interface Mark extends Cell {
  readonly rows: number;
  readonly columns: number;
  /** `footprint`: cells under a window; `cursor`: the cell that is described; `reach`: outputs that a pixel reaches. */
  readonly kind: "footprint" | "cursor" | "reach";
}

/** Cells around the picture that are shown as zeros. */
export interface Border {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

export const NO_BORDER: Border = { top: 0, right: 0, bottom: 0, left: 0 };

const ARROWS: Readonly<Record<string, readonly [down: number, right: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

const within = (value: number, count: number): number => Math.min(Math.max(value, 0), count - 1);

/** The cell that a key leads to from another, or undefined where the key leads nowhere. */
export function cellAfter(key: string, { row, column }: Cell, rows: number, columns: number): Cell | undefined {
  if (key === "Home") return { row, column: 0 };
  if (key === "End") return { row, column: columns - 1 };
  if (key === "PageUp") return { row: 0, column };
  if (key === "PageDown") return { row: rows - 1, column };
  const arrow = ARROWS[key];
  return arrow && { row: within(row + arrow[0], rows), column: within(column + arrow[1], columns) };
}

/** Text of a cell for the address: `3,12`. */
export const cellText = ({ row, column }: Cell): string => `${row},${column}`;

/** Reads `3,12`; a cell outside of the picture is brought inside. */
export function cellOf(text: string | undefined, rows: number, columns: number, fallback: Cell): Cell {
  const [row, column] = (text ?? "").split(",").map(Number);
  const cell = Number.isInteger(row) && Number.isInteger(column) ? { row: row!, column: column! } : fallback;
  return { row: within(cell.row, rows), column: within(cell.column, columns) };
}
