// Ink on paper: rasterises pen paths to grey pixels. A pixel's grey follows from how deep it lies inside the line,
// with grain; beyond the edge the paper is white, cut off sharply as background-cleaned scans are.
import type { Random } from "../../core/random.js";
import { grain } from "./grain.js";
import type { Handwriting, PenPath } from "./paper.js";
import type { Writer } from "./writer.js";

/** Greys above this count as paper. */
const EDGE = 188;
/** Depth of a pixel that no line comes near. */
const NOTHING = -9;

/** The canvas while lines are drawn: for each pixel how deep it lies inside a line, and that line's ink there. */
interface Sheet {
  readonly width: number;
  readonly height: number;
  readonly depth: Float32Array;
  readonly ink: Float32Array;
}

/** `width * height` grey pixels, row by row. */
export function rasterize(writing: Handwriting, writer: Writer, random: Random): Uint8Array {
  const { width, height } = writing;
  const size = width * height;
  const sheet = { width, height, depth: new Float32Array(size).fill(NOTHING), ink: new Float32Array(size) };
  for (const path of writing.paths) for (let i = 0; i + 1 < path.radius.length; i++) stamp(sheet, path, i);
  const pixels = new Uint8Array(size).fill(255);
  const rough = 0.12 + 0.15 * writer.dryness;
  for (let i = 0; i < size; i++) {
    const inside = sheet.depth[i]!;
    if (inside < -1) {
      if (writer.grain > 0) pixels[i] = 255 - Math.round(Math.abs(writer.grain * grain(random)));
      continue;
    }
    const lack = Math.max(0, 1 - sheet.ink[i]!);
    const x = inside + (rough + 0.7 * lack) * grain(random) - lack;
    if (x <= 0) continue;
    const darkest = writer.ink + 90 * Math.min(1, lack);
    // 1 / (1 + x + x^2/2 + x^3/6) falls like e^-x.
    const grey = darkest + (EDGE - darkest) / (1 + x * (1 + x * (0.5 + x / 6))) + 9 * grain(random);
    pixels[i] = Math.min(255, Math.max(0, Math.round(grey)));
  }
  return pixels;
}

/** Draws segment i of a path: round ends, width and ink linear in between. Where lines cross, the deeper one counts. */
function stamp({ width, height, depth, ink }: Sheet, { line, radius, ink: load }: PenPath, i: number): void {
  const [x0, y0, x1, y1] = [line[2 * i]!, line[2 * i + 1]!, line[2 * i + 2]!, line[2 * i + 3]!];
  const [r0, r1] = [radius[i]!, radius[i + 1]!];
  const [ink0, ink1] = [load[i]!, load[i + 1]!];
  const reach = Math.max(r0, r1) + 1;
  const left = Math.max(0, Math.floor(Math.min(x0, x1) - reach));
  const right = Math.min(width - 1, Math.ceil(Math.max(x0, x1) + reach));
  const top = Math.max(0, Math.floor(Math.min(y0, y1) - reach));
  const bottom = Math.min(height - 1, Math.ceil(Math.max(y0, y1) + reach));
  const dx = x1 - x0;
  const dy = y1 - y0;
  const square = dx * dx + dy * dy;
  const inverse = square > 0 ? 1 / square : 0;
  for (let row = top; row <= bottom; row++) {
    const py = row + 0.5 - y0;
    for (let column = left; column <= right; column++) {
      const px = column + 0.5 - x0;
      const t = Math.max(0, Math.min(1, (px * dx + py * dy) * inverse));
      const ex = px - t * dx;
      const ey = py - t * dy;
      const inside = r0 + t * (r1 - r0) - Math.sqrt(ex * ex + ey * ey);
      const at = row * width + column;
      if (inside <= depth[at]!) continue;
      depth[at] = inside;
      ink[at] = ink0 + t * (ink1 - ink0);
    }
  }
}
