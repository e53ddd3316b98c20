// Distortions of a character's printed strokes by a writer's hand: a small error in each stroke, parts displaced, the
// whole distorted. The strokes stay in ems; joins.ts makes the joins, paper.ts and ink.ts the pixels.
import { cos, sin } from "../../core/math.js";
import type { Random } from "../../core/random.js";
import { joinStrokes } from "./joins.js";
import { type Handwriting, toPaper } from "./paper.js";
import {
  DOT,
  distance,
  hookStart,
  type Line,
  lengthOf,
  resample,
  SPACING,
  type Stroke,
  smooth,
  wander,
} from "./strokes.js";
import type { Writer } from "./writer.js";

/** From so many strokes on a dot may get lost. In simpler characters it may not: 太 without its dot is 大. */
const MANY_STROKES = 7;
/** Characters of fewer strokes are of one piece. */
const COMPOUND = 5;

/** Writes a character once: the same writer and the same random numbers give the same path. */
export function write(strokes: readonly Line[], writer: Writer, random: Random): Handwriting {
  const kept = strokes.filter(
    (stroke) => strokes.length < MANY_STROKES || lengthOf(stroke) > DOT || random.uniform() > 0.06 * writer.disorder,
  );
  const bent = kept.map((stroke) => press(bend(stroke, writer, random), writer, random));
  for (const { line } of bent) smooth(line, writer.roundness);
  regroup(bent, writer, random);
  const joined = joinStrokes(bent, writer, random);
  warp(joined, writer, random);
  return toPaper(joined, strokes.length, writer, random);
}

/** One stroke in its own small error: hook, place, angle, length and bow. */
function bend(stroke: Line, writer: Writer, random: Random): number[] {
  const hook = hookStart(stroke);
  const hooked = hook > 0 && random.uniform() < writer.hookless ? stroke.slice(0, 2 * hook + 2) : stroke;
  const line = resample(hooked, SPACING);
  const points = line.length / 2;
  const length = lengthOf(line);
  const stray = 0.017 * writer.disorder;
  const dx = stray * random.normal();
  const dy = stray * random.normal();
  const turn = 0.06 * writer.disorder * random.normal();
  // Hands make dots larger than print does.
  const stretch = (length < DOT ? 1.25 : 1) + 0.07 * writer.disorder * random.normal();
  const bow = (writer.bow + 0.025 * writer.disorder * random.normal()) * distance(line, 0, points - 1);
  const [c, s] = [stretch * cos(turn), stretch * sin(turn)];
  const middle = points >> 1;
  const [mx, my] = [line[2 * middle]!, line[2 * middle + 1]!];
  const chord = distance(line, 0, points - 1) || 1;
  const nx = (line[2 * points - 1]! - line[1]!) / chord;
  const ny = -(line[2 * points - 2]! - line[0]!) / chord;
  const tremble = wander(length, random);
  for (let i = 0; i < points; i++) {
    const t = i / (points - 1);
    const out = 4 * t * (1 - t) * bow + writer.wobble * tremble(t);
    const x = line[2 * i]! + nx * out - mx;
    const y = line[2 * i + 1]! + ny * out - my;
    line[2 * i] = mx + c * x - s * y + dx;
    line[2 * i + 1] = my + s * x + c * y + dy;
  }
  return line;
}

/** The pressure along a stroke: a firm beginning, a slow variation, and an end that leaves the paper. */
function press(line: number[], writer: Writer, random: Random): Stroke {
  const points = line.length / 2;
  const vary = wander(2 * lengthOf(line), random);
  const base = 1 + 0.07 * random.normal();
  // Strokes that fall to the left are swept out; others end firmly more often than not.
  const falling = line.at(-2)! < line[0]! - 0.05 && line.at(-1)! > line[1]! + 0.05;
  const taper = writer.taper * (falling ? random.between(0.5, 1) : random.between(-0.3, 0.7));
  const pressure: number[] = [];
  for (let i = 0; i < points; i++) {
    const t = i / (points - 1);
    const end = Math.max(0, (t - 0.6) / 0.4);
    const start = Math.max(0, 1 - t / 0.12);
    pressure.push(base * (1 + writer.pressure * vary(t)) * (1 - 0.25 * start * writer.taper) * (1 - taper * end * end));
  }
  return { line, pressure };
}

/** Sets the later strokes apart from the earlier ones: all but the simplest characters are parts side by side. */
function regroup(strokes: readonly Stroke[], writer: Writer, random: Random): void {
  if (strokes.length < COMPOUND) return;
  const first = 1 + random.integer(strokes.length);
  const stray = 0.035 * writer.disorder;
  const dx = stray * random.normal();
  const dy = stray * random.normal();
  const scale = 1 + 0.08 * writer.disorder * random.normal();
  for (const { line } of strokes.slice(first))
    for (let i = 0; i < line.length; i += 2) {
      line[i] = 0.5 + dx + scale * (line[i]! - 0.5);
      line[i + 1] = 0.5 + dy + scale * (line[i + 1]! - 0.5);
    }
}

/** Distorts the whole character softly: parts too large, too far left, too low. Cubic in the place. */
function warp(strokes: readonly Stroke[], writer: Writer, random: Random): void {
  const size = 0.052 * writer.disorder;
  const across = Array.from({ length: 5 }, () => size * random.normal());
  const down = Array.from({ length: 5 }, () => size * random.normal());
  const cubic = ([a, b, c, d, e]: readonly number[], u: number, v: number): number =>
    a! * u * u + b! * u * v + c! * v * v + d! * u * u * u + e! * v * v * v;
  for (const { line } of strokes)
    for (let i = 0; i < line.length; i += 2) {
      const u = 2 * line[i]! - 1;
      const v = 2 * line[i + 1]! - 1;
      line[i] = line[i]! + cubic(across, u, v);
      line[i + 1] = line[i + 1]! + cubic(down, u, v);
    }
}
