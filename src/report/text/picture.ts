// Small images drawn with characters: two pixels a character by half blocks where there are colours, shades of ink
// where there are none. Making an image small enough is the caller's business.
import { singleLine } from "../../core/text.js";
import type { ImageFacts } from "../facts.js";
import { cutColumns, padColumns } from "./width.js";

/** From white to black, as ink on paper. */
const SHADES = " .:-=+*#%@";
const UPPER_HALF = "▀";
const RESET = "\u001b[0m";

/** Red, green and blue of a pixel, white below the last row. */
function pixel({ height, width, channels, data }: ImageFacts, row: number, column: number): [number, number, number] {
  if (row >= height) return [255, 255, 255];
  const at = (row * width + column) * channels;
  return channels === 1 ? [data[at]!, data[at]!, data[at]!] : [data[at]!, data[at + 1]!, data[at + 2]!];
}

function coloured(image: ImageFacts, row: number): string {
  const cells = Array.from({ length: image.width }, (_, column) => {
    const [upper, lower] = [pixel(image, row, column), pixel(image, row + 1, column)];
    return `\u001b[38;2;${upper.join(";")};48;2;${lower.join(";")}m${UPPER_HALF}`;
  });
  return `${cells.join("")}${RESET}`;
}

function shaded(image: ImageFacts, row: number): string {
  const cells = Array.from({ length: image.width }, (_, column) => {
    const sum = [...pixel(image, row, column), ...pixel(image, row + 1, column)].reduce((a, b) => a + b, 0);
    return SHADES[Math.round((1 - sum / (6 * 255)) * (SHADES.length - 1))];
  });
  return cells.join("");
}

/**
 * Lines that show an image, one for two rows of pixels.
 * @param options.color whether the terminal shows 24-bit colours; shades of grey otherwise
 * @example textPicture({ height: 2, width: 2, channels: 1, data: Uint8Array.of(0, 255, 0, 255) }, { color: false }) // ["@ "]
 */
export function textPicture(image: ImageFacts, { color }: { readonly color: boolean }): string[] {
  const draw = color ? coloured : shaded;
  return Array.from({ length: Math.ceil(image.height / 2) }, (_, line) => draw(image, 2 * line));
}

/** Images beside one another, each under its title. */
export function pictureRow(
  images: readonly { readonly title: string; readonly image: ImageFacts }[],
  options: { readonly color: boolean },
): string[] {
  const drawn = images.map(({ title, image }) => ({
    title: padColumns(cutColumns(singleLine(title), image.width), image.width),
    lines: textPicture(image, options),
    empty: " ".repeat(image.width),
  }));
  const height = Math.max(0, ...drawn.map(({ lines }) => lines.length));
  return [
    drawn.map(({ title }) => title).join("  "),
    ...Array.from({ length: height }, (_, row) => drawn.map(({ lines, empty }) => lines[row] ?? empty).join("  ")),
  ].map((line) => line.trimEnd());
}
