// Cells on a canvas, as sharp as the screen is.
import type { Border } from "./cells.ts";
import { isDark } from "./paint.ts";

export interface Drawing {
  readonly rows: number;
  readonly columns: number;
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
  readonly text?: (row: number, column: number) => string;
  /** Side of a cell in pixels of the page. */
  readonly cell: number;
  readonly border: Border;
  /** Text in each cell of the border. */
  readonly borderText: string;
}

/** Sides from which lines between cells, and texts in them, can be told apart. */
const LINES_FROM = 7;
const TEXT_FROM = 17;
const SMALLEST_TEXT = 5.5;
/** Width of a figure, as a share of the size of its font. */
const FIGURE = 0.64;

export function drawCells(canvas: HTMLCanvasElement, drawing: Drawing): void {
  const { rows, columns, rgba, cell, border } = drawing;
  const scale = devicePixelRatio || 1;
  const wide = columns + border.left + border.right;
  const high = rows + border.top + border.bottom;
  canvas.width = Math.max(1, Math.round(wide * cell * scale));
  canvas.height = Math.max(1, Math.round(high * cell * scale));
  const context = canvas.getContext("2d");
  if (context === null) return;
  const [x, y] = [canvas.width / wide, canvas.height / high];
  context.setTransform(x, 0, 0, y, border.left * x, border.top * y);
  context.imageSmoothingEnabled = false;
  context.drawImage(pixelsOf(rgba, columns, rows), 0, 0);
  if (cell >= LINES_FROM) drawLines(context, drawing, 1 / x);
  context.setTransform(scale, 0, 0, scale, border.left * cell * scale, border.top * cell * scale);
  if (cell >= TEXT_FROM) drawTexts(context, drawing);
}

function pixelsOf(rgba: Uint8ClampedArray<ArrayBuffer>, columns: number, rows: number): OffscreenCanvas {
  const small = new OffscreenCanvas(columns, rows);
  small.getContext("2d")?.putImageData(new ImageData(rgba, columns, rows), 0, 0);
  return small;
}

function drawLines(context: CanvasRenderingContext2D, { rows, columns, border }: Drawing, width: number): void {
  const { top, right, bottom, left } = border;
  context.strokeStyle = "rgb(128 128 128 / 45%)";
  context.lineWidth = width;
  context.beginPath();
  for (let row = -top; row <= rows + bottom; row++) {
    context.moveTo(-left, row);
    context.lineTo(columns + right, row);
  }
  for (let column = -left; column <= columns + right; column++) {
    context.moveTo(column, -top);
    context.lineTo(column, rows + bottom);
  }
  context.stroke();
}

function drawTexts(context: CanvasRenderingContext2D, drawing: Drawing): void {
  const { rows, columns, rgba, text, cell, border, borderText } = drawing;
  context.textAlign = "center";
  context.textBaseline = "middle";
  const write = (said: string, row: number, column: number): void => {
    const size = Math.min(cell * 0.5, 13, (cell - 2) / (FIGURE * Math.max(said.length, 1)));
    if (size < SMALLEST_TEXT) return;
    context.font = `${size}px system-ui, "Segoe UI", "Noto Sans", sans-serif`;
    context.fillText(said, (column + 0.5) * cell, (row + 0.53) * cell);
  };
  if (text !== undefined)
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++) {
        const at = 4 * (row * columns + column);
        context.fillStyle = isDark(rgba[at]!, rgba[at + 1]!, rgba[at + 2]!) ? "#fff" : "#000";
        write(text(row, column), row, column);
      }
  context.fillStyle = "#7b8593";
  for (let row = -border.top; row < rows + border.bottom; row++)
    for (let column = -border.left; column < columns + border.right; column++)
      if (row < 0 || row >= rows || column < 0 || column >= columns) write(borderText, row, column);
}
