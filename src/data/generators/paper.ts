// From strokes in ems to the path of a pen in pixels: slant, turn, size and pen, and paper cropped to the ink.
import { cos, sin } from "../../core/math.js";
import type { Random } from "../../core/random.js";
import { lengthOf, type Stroke, wander } from "./strokes.js";
import type { Writer } from "./writer.js";

/** One unlifted movement of the pen: points in pixels; at each, half the width of the line and the ink left there. */
export interface PenPath {
  readonly line: readonly number[];
  readonly radius: readonly number[];
  /** 1 is a full line; below it the ink turns grey and breaks up. */
  readonly ink: readonly number[];
}

/** A character on its tightly cropped piece of paper. */
export interface Handwriting {
  readonly width: number;
  readonly height: number;
  readonly paths: readonly PenPath[];
}

/** Smallest and largest pieces of paper, in pixels, as in real collections of scanned characters. */
const LIMITS = { width: [24, 144], height: [40, 173] } as const;

/** Puts a character of `printed` strokes on paper. */
export function toPaper(strokes: readonly Stroke[], printed: number, writer: Writer, random: Random): Handwriting {
  const slant = writer.slant + 0.04 * random.normal();
  const rise = writer.rise + 0.03 * random.normal();
  const turn = writer.rotation + 0.02 * random.normal();
  const [c, s] = [cos(turn), sin(turn)];
  const aspect = Math.max(0.5, writer.aspect * (1 + 0.09 * random.normal()));
  // Characters of many strokes are written larger; small ones with a lighter hand, or they would be blots.
  const larger = (0.87 + 0.018 * printed) * Math.max(0.7, 1 + 0.1 * random.normal());
  const tall = writer.height * larger;
  const wide = tall / aspect;
  const pen = writer.pen * Math.min(1.1, Math.sqrt(larger));
  const unevenness = 0.12 + 0.35 * writer.dryness;
  const paths = strokes.map(({ line, pressure }) => {
    const flow = wander(lengthOf(line), random);
    const placed = line.map((value, i) => {
      const x = (i & 1 ? line[i - 1]! : value) - 0.5;
      const y = (i & 1 ? value : line[i + 1]!) - 0.5;
      const u = x - slant * y;
      const v = y - rise * x;
      return i & 1 ? tall * (s * u + c * v) : wide * (c * u - s * v);
    });
    return {
      line: placed,
      radius: pressure.map((value) => pen * Math.max(0.22, value)),
      ink: pressure.map((value, i) => value + unevenness * flow(i / pressure.length)),
    };
  });
  return crop(paths);
}

/** Moves the paths so that their ink fills the paper. Where a limit of size is met they are squeezed or stretched. */
function crop(paths: readonly PenPath[]): Handwriting {
  const from = [Infinity, Infinity];
  const to = [-Infinity, -Infinity];
  for (const { line, radius } of paths)
    for (let i = 0; i < line.length; i++) {
      const r = radius[i >> 1]!;
      from[i & 1] = Math.min(from[i & 1]!, line[i]! - r);
      to[i & 1] = Math.max(to[i & 1]!, line[i]! + r);
    }
  const width = clamp(Math.round(to[0]! - from[0]!), LIMITS.width);
  const height = clamp(Math.round(to[1]! - from[1]!), LIMITS.height);
  const scale = [width / (to[0]! - from[0]!), height / (to[1]! - from[1]!)];
  return {
    width,
    height,
    paths: paths.map((path) => ({
      ...path,
      line: path.line.map((value, i) => (value - from[i & 1]!) * scale[i & 1]!),
    })),
  };
}

const clamp = (value: number, [low, high]: readonly [number, number]): number => Math.min(high, Math.max(low, value));
