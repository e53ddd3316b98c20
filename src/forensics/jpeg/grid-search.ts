// Search for a grid of earlier compression that lies elsewhere than the file's: Bianchi and Piva 2012, "Detection of
// nonaligned double JPEG compression based on integer periodicity maps" (IEEE TIFS 7(2)). On the right grid, and on no
// other of the 64, coefficients lie near whole multiples of a step. Tiles are searched apart, so that a pasted part shows.
import { cos, sin } from "../../core/math.js";
import { breather } from "../../platform/breather.js";
import { medianOf } from "../signal/grid.js";
import type { Plane } from "../signal/plane.js";
import { type BlockArea, FREQUENCIES, lowFrequencies } from "./low-frequencies.js";

/** A grid that some tile shows. */
export interface GridTrace {
  /** Pixels from the file's grid to this one, 0 to 7. */
  readonly x: number;
  readonly y: number;
  /** Distance of its periodicity from the median of all grids of the tile, in deviations by the MAD. */
  readonly strength: number;
  readonly tile: BlockArea;
}

/** Frequencies by their place in FREQUENCIES, and steps, that are tried. */
const TRIED = [0, 1, 2, 3, 4, 5];
const STEPS = Array.from({ length: 27 }, (_, i) => 4 + i);
/** Tiles along each side; each covers a third of the picture. */
const TILES = 4;
/** The most blocks of a tile that are looked at; the others are left out evenly. */
const MOST_BLOCKS = 450;
/** The least blocks across a tile. */
const LEAST_SIDE = 12;

const WAVES = STEPS.map((step) => ({
  cosines: Float64Array.from({ length: step }, (_, i) => cos((2 * Math.PI * i) / step)),
  sines: Float64Array.from({ length: step }, (_, i) => sin((2 * Math.PI * i) / step)),
}));

/** Overlapping tiles in pixels; one of the whole picture where it is small. */
function tilesOf({ width, height }: Plane): readonly { x: number; y: number; width: number; height: number }[] {
  const along = (size: number): { from: number; size: number }[] => {
    const side = Math.max(8 * (LEAST_SIDE + 1), Math.ceil(size / 3));
    if (side >= size) return [{ from: 0, size }];
    return Array.from({ length: TILES }, (_, i) => ({
      from: 8 * Math.floor(((size - side) * i) / (TILES - 1) / 8),
      size: side,
    }));
  };
  return along(height).flatMap((y) =>
    along(width).map((x) => ({ x: x.from, y: y.from, width: x.size, height: y.size })),
  );
}

/** The periodicity of values: the sum over frequencies of the largest power of a wave with one of STEPS. */
function periodicity(values: readonly Float32Array[]): number {
  let total = 0;
  for (const f of TRIED) {
    const mine = values[f]!;
    let best = 0;
    for (const [s, step] of STEPS.entries()) {
      const { cosines, sines } = WAVES[s]!;
      let [real, imaginary, count] = [0, 0, 0];
      for (let i = 0; i < mine.length; i++) {
        const value = Math.round(mine[i]!);
        // The peak around zero is as high without any quantisation.
        if (value > -step && value < step && f > 0) continue;
        const at = ((value % step) + step) % step;
        real += cosines[at]!;
        imaginary += sines[at]!;
        count++;
      }
      if (count > 20) best = Math.max(best, (real * real + imaginary * imaginary) / count);
    }
    total += Math.min(best, 60);
  }
  return total;
}

/**
 * The strongest grid of each tile, strongest first.
 * @param hasOwnGrid whether the grid at 0, 0 is the file's own; it and those that share lines with it are left out
 */
export async function gridTraces(plane: Plane, hasOwnGrid: boolean): Promise<GridTrace[]> {
  const pause = breather();
  const traces: GridTrace[] = [];
  for (const tile of tilesOf(plane)) {
    const columns = Math.floor((tile.width - 7) / 8);
    const rows = Math.floor((tile.height - 7) / 8);
    if (columns < 4 || rows < 4) continue;
    const powers = new Float64Array(64);
    for (let shift = 0; shift < 64; shift++) {
      const area = { x: tile.x + (shift & 7), y: tile.y + (shift >> 3), columns, rows };
      // Grids that share lines with the file's own show what that one leaves.
      const isOwn = hasOwnGrid && ((shift & 7) === 0 || shift >> 3 === 0);
      powers[shift] = isOwn ? NaN : periodicity(await sampled(plane, area, pause));
    }
    const known = Array.from(powers).filter((power) => !Number.isNaN(power));
    const middle = medianOf(known);
    const spread = 1.4826 * medianOf(known.map((power) => Math.abs(power - middle))) + 0.5;
    const best = powers.reduce((b, power, i) => (power > (powers[b]! || 0) ? i : b), hasOwnGrid ? 9 : 0);
    const [x, y] = [best & 7, best >> 3];
    const area = { x: tile.x + x, y: tile.y + y, columns, rows };
    traces.push({ x, y, strength: (powers[best]! - middle) / spread, tile: area });
  }
  return traces.sort((a, b) => b.strength - a.strength);
}

/** Low frequencies of blocks that are spread evenly over an area, MOST_BLOCKS at most. */
async function sampled(plane: Plane, area: BlockArea, pause: () => Promise<void>): Promise<Float32Array[]> {
  const every = Math.max(1, Math.round(Math.sqrt((area.columns * area.rows) / MOST_BLOCKS)));
  if (every === 1) return lowFrequencies(plane, area, pause);
  const columns = Math.floor(area.columns / every);
  const parts = FREQUENCIES.map(() => new Float32Array(columns * Math.floor(area.rows / every)));
  for (let row = 0; row + every <= area.rows; row += every) {
    const line = await lowFrequencies(plane, { ...area, y: area.y + 8 * row, rows: 1 }, pause, every);
    for (const [f, values] of line.entries()) parts[f]!.set(values.subarray(0, columns), (row / every) * columns);
  }
  return parts;
}
