// From panel and damage to what a camera pixel meets: the slopes of the height field and how much of the pixel is glass,
// seal, scratch or crack. The exact masks and boxes of the damage come out on the way.
import { cos, sin } from "../../../core/math.js";
import type { Damage, Dent, HailLabel, Line } from "./damage.js";
import { ramp } from "./field.js";
import { beyond, type Edge, type Panel, SEAL, SEAM } from "./panel.js";

/** A box in pixels that holds all of a damage that the picture shows, and how many pixels those are. */
export interface HailBox {
  /** The kind of damage. */
  readonly label: HailLabel;
  /** Column of the left edge, in pixels. */
  readonly x: number;
  /** Row of the upper edge, in pixels. */
  readonly y: number;
  /** Width in pixels. */
  readonly width: number;
  /** Height in pixels. */
  readonly height: number;
  /** Pixels that show the damage. */
  readonly area: number;
}

export interface Relief {
  readonly width: number;
  readonly height: number;
  /** Pixels a millimetre. */
  readonly scale: number;
  /** Slopes of the surface towards the camera, to the right and downwards; row by row, as all that follows. */
  readonly slopeX: Float64Array;
  readonly slopeY: Float64Array;
  /** Shares of each pixel, 0 to 1. */
  readonly glass: Float64Array;
  readonly seal: Float64Array;
  readonly scratch: Float64Array;
  readonly crack: Float64Array;
  /** 255 where a dent is. */
  readonly mask: Uint8Array;
  readonly boxes: readonly HailBox[];
}

/** Width of the raised rim around a dent, and its height over the dent's depth; lengths in radii. */
const RIM = { width: 0.5, height: 0.07 } as const;
/** Within this many millimetres the edges of a seam turn inwards, by at most so much slope. */
const ROUNDING = { reach: 7, slope: 0.5 } as const;

/** The relief of a picture of that many pixels. */
export function reliefOf(panel: Panel, damage: Damage, width: number, height: number): Relief {
  const size = width * height;
  const array = (): Float64Array => new Float64Array(size);
  const empty = { slopeX: array(), slopeY: array(), glass: array(), seal: array(), scratch: array(), crack: array() };
  const scale = width / (2 * panel.halfWidth);
  const relief = { width, height, scale, mask: new Uint8Array(size), ...empty };
  for (let row = 0, at = 0; row < height; row++)
    for (let column = 0; column < width; column++, at++)
      ground(relief, at, panel, (column + 0.5) / scale - panel.halfWidth, (row + 0.5) / scale - panel.halfHeight);
  const toPixels = (x: number, y: number): [number, number] => [
    (x + panel.halfWidth) * scale,
    (y + panel.halfHeight) * scale,
  ];
  const boxes = damage.dents.map((dent) => press(relief, dent, ...toPixels(dent.x, dent.y)));
  for (const line of damage.scratches)
    boxes.push(boxOf("scratch", relief, engrave(relief.scratch, relief, line, toPixels)));
  if (damage.cracks.length > 0) {
    const touched = damage.cracks.flatMap((line) => engrave(relief.crack, relief, line, toPixels));
    // Cracks end where the pane does. A pixel of several gets its share of glass for each: a seed's bytes are for ever.
    for (const at of touched) relief.crack[at]! *= relief.glass[at]!;
    boxes.push(
      boxOf(
        "glass",
        relief,
        [...new Set(touched)].filter((at) => relief.glass[at]! >= 0.5),
      ),
    );
  }
  return { ...relief, boxes };
}

type Unmarked = Omit<Relief, "boxes">;

/** The undamaged surface at one pixel. */
function ground(relief: Unmarked, at: number, panel: Panel, x: number, y: number): void {
  const { tilt, curve, twist, crease, seam, glass } = panel;
  const pixel = 1 / relief.scale;
  let slopeX = tilt[0] + curve[0] * x + twist * y;
  let slopeY = tilt[1] + curve[1] * y + twist * x;
  if (crease !== undefined) {
    const turn = crease.rise * (ramp(beyond(crease, x, y), -crease.width, crease.width) - 0.5);
    slopeX += turn * crease.nx;
    slopeY += turn * crease.ny;
  }
  if (seam !== undefined) {
    const distance = beyond(seam, x, y);
    if (distance > 0) {
      slopeX += seam.turn[0];
      slopeY += seam.turn[1];
    }
    const round = roundingAt(distance);
    slopeX += round * seam.nx;
    slopeY += round * seam.ny;
    relief.seal[at] = covered(SEAM - Math.abs(distance), pixel);
  }
  if (glass !== undefined) {
    const distance = beyond(glass, x, y);
    relief.glass[at] = covered(distance - SEAL, pixel);
    relief.seal[at] = Math.max(relief.seal[at]!, covered(distance, pixel) - relief.glass[at]!);
    if (distance > 0) [slopeX, slopeY] = paneSlopes(glass, x, y);
  }
  relief.slopeX[at] = slopeX;
  relief.slopeY[at] = slopeY;
}

/** Share of a pixel that an area covers whose edge is `depth` behind the pixel's middle. */
const covered = (depth: number, pixel: number): number => Math.min(1, Math.max(0, 0.5 + depth / pixel));

function roundingAt(distance: number): number {
  const gap = (Math.abs(distance) - SEAM) / ROUNDING.reach;
  if (gap > 1) return 0;
  const near = 1 - Math.max(0, gap);
  return Math.sign(distance) * ROUNDING.slope * near * near;
}

/** A pane leans away from the metal and is nearly flat. */
const paneSlopes = ({ nx, ny }: Edge, x: number, y: number): [number, number] => [
  0.12 * nx - x / 5000,
  0.12 * ny - y / 5000,
];

/** Presses a dent into the surface: a smooth crater, -depth (1 - r^2)^2 in radii, with a raised rim around it. */
function press(relief: Unmarked, dent: Dent, centreX: number, centreY: number): HailBox {
  const { width, height, scale, slopeX, slopeY, mask } = relief;
  const radius = 0.5 * dent.diameter * scale;
  const [c, s] = [cos(dent.angle), sin(dent.angle)];
  const [long, short] = [radius * dent.stretch, radius / dent.stretch];
  const reach = long * (1 + RIM.width);
  const pixels = [Math.min(height - 1, Math.floor(centreY)) * width + Math.min(width - 1, Math.floor(centreX))];
  for (let row = Math.max(0, Math.floor(centreY - reach)); row <= Math.min(height - 1, centreY + reach); row++)
    for (
      let column = Math.max(0, Math.floor(centreX - reach));
      column <= Math.min(width - 1, centreX + reach);
      column++
    ) {
      const dx = column + 0.5 - centreX;
      const dy = row + 0.5 - centreY;
      const a = (c * dx + s * dy) / long;
      const b = (c * dy - s * dx) / short;
      const r = Math.sqrt(a * a + b * b);
      const at = row * width + column;
      if (r <= 1 && at !== pixels[0]) pixels.push(at);
      // Along a and b the slope is that of the profile, in units of depth over radius.
      const steep = dent.steepness * radial(r);
      if (steep === 0) continue;
      const alongA = (steep * a * radius) / long;
      const alongB = (steep * b * radius) / short;
      slopeX[at]! += c * alongA - s * alongB;
      slopeY[at]! += s * alongA + c * alongB;
    }
  for (const at of pixels) mask[at] = 255;
  return boxOf("dent", relief, pixels);
}

/** The slope of the profile at r radii, over r. */
function radial(r: number): number {
  if (r < 1) return 4 * (1 - r * r);
  const t = (r - 1) / RIM.width;
  return t < 1 ? (RIM.height * 32 * t * (1 - t) * (1 - 2 * t)) / (RIM.width * r) : 0;
}

/** Draws a line into a field of shares, the deepest cover counting. Returns the pixels that it covers by half of what it can. */
function engrave(
  field: Float64Array,
  { width, height, scale }: Unmarked,
  { points, halfWidth }: Line,
  toPixels: (x: number, y: number) => [number, number],
): number[] {
  const touched = new Set<number>();
  const radius = halfWidth * scale;
  // A line thinner than a pixel covers no more than its width.
  const full = Math.min(1, 2 * radius);
  for (let i = 0; i + 3 < points.length; i += 2) {
    const [x0, y0] = toPixels(points[i]!, points[i + 1]!);
    const [x1, y1] = toPixels(points[i + 2]!, points[i + 3]!);
    const [dx, dy] = [x1 - x0, y1 - y0];
    const inverse = 1 / Math.max(1e-9, dx * dx + dy * dy);
    const reach = radius + 1;
    const bottom = Math.min(height - 1, Math.max(y0, y1) + reach);
    const right = Math.min(width - 1, Math.max(x0, x1) + reach);
    for (let row = Math.max(0, Math.floor(Math.min(y0, y1) - reach)); row <= bottom; row++)
      for (let column = Math.max(0, Math.floor(Math.min(x0, x1) - reach)); column <= right; column++) {
        const [px, py] = [column + 0.5 - x0, row + 0.5 - y0];
        const t = Math.max(0, Math.min(1, (px * dx + py * dy) * inverse));
        const [ex, ey] = [px - t * dx, py - t * dy];
        const cover = Math.min(full, Math.max(0, radius + 0.5 - Math.sqrt(ex * ex + ey * ey)));
        const at = row * width + column;
        if (cover > field[at]!) field[at] = cover;
        if (cover >= 0.49 * full) touched.add(at);
      }
  }
  return [...touched];
}

/** The box around some pixels. */
function boxOf(label: HailLabel, { width }: Unmarked, pixels: readonly number[]): HailBox {
  let [left, top, right, bottom] = [Infinity, Infinity, -1, -1];
  for (const at of pixels) {
    const [column, row] = [at % width, Math.floor(at / width)];
    left = Math.min(left, column);
    right = Math.max(right, column);
    top = Math.min(top, row);
    bottom = Math.max(bottom, row);
  }
  return { label, x: left, y: top, width: right - left + 1, height: bottom - top + 1, area: pixels.length };
}
