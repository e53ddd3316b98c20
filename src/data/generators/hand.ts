// How a writer writes one character: the printed centre lines are bent, displaced, joined and scaled into the path
// of a pen on paper, in pixels. Pixels themselves are ink.ts's business.

import { cos, sin } from "../../core/math.js";
import type { Random } from "../../core/random.js";
import { distance, hookStart, type Line, lengthOf, resample, smooth } from "./strokes.js";
import type { Writer } from "./writer.js";

/** One unlifted movement of the pen: points in pixels; at each, half the width of the line and the ink left there. */
export interface PenPath {
  readonly line: number[];
  readonly radius: number[];
  /** 1 is a full line; below it the ink turns grey and breaks up. */
  readonly ink: number[];
}

/** A character on its tightly cropped piece of paper. */
export interface Handwriting {
  readonly width: number;
  readonly height: number;
  readonly paths: readonly PenPath[];
}

/** Distance between points of a path, in ems. */
const SPACING = 0.035;
/** Smallest and largest pieces of paper, in pixels, as in real collections of scanned characters. */
const LIMITS = { width: [24, 144], height: [40, 173] } as const;
/** Strokes shorter than this (in ems) may get lost, in characters of many strokes only: 太 without its dot is 大. */
const TINY = 0.16;
const MANY_STROKES = 7;

/** A stroke on its way to paper, with the pressure at each point (1 is normal). */
interface Stroke {
  line: number[];
  pressure: number[];
}

/** Writes a character once: the same writer and the same random numbers give the same path. */
export function write(strokes: readonly Line[], writer: Writer, random: Random): Handwriting {
  const kept = strokes.filter(
    (stroke) => strokes.length < MANY_STROKES || lengthOf(stroke) > TINY || random.uniform() > 0.06 * writer.disorder,
  );
  const bent = kept.map((stroke) => press(bend(stroke, writer, random), writer, random));
  for (const { line } of bent) smooth(line, writer.roundness);
  regroup(bent, writer, random);
  const joined = join(bent, writer, random);
  warp(joined, writer, random);
  return toPaper(joined, writer, random);
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
  const stretch = (length < TINY ? 1.25 : 1) + 0.07 * writer.disorder * random.normal();
  const bow = (writer.bow + 0.025 * writer.disorder * random.normal()) * distance(line, 0, points - 1);
  const [c, s] = [stretch * cos(turn), stretch * sin(turn)];
  const middle = points >> 1;
  const [mx, my] = [line[2 * middle]!, line[2 * middle + 1]!];
  const chord = distance(line, 0, points - 1) || 1;
  const nx = (line[2 * points - 1]! - line[1]!) / chord;
  const ny = -(line[2 * points - 2]! - line[0]!) / chord;
  const tremble = noise(length, random);
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

/** Smooth noise of unit variance at its knots over 0..1, with a knot about every eighth of an em. */
function noise(length: number, random: Random): (t: number) => number {
  const knots = Math.max(2, Math.ceil(length / 0.125)) + 1;
  const values = Array.from({ length: knots }, () => random.normal());
  return (t) => {
    const at = t * (knots - 1);
    const i = Math.min(knots - 2, Math.floor(at));
    const u = at - i;
    const w = u * u * (3 - 2 * u);
    return values[i]! * (1 - w) + values[i + 1]! * w;
  };
}

/** The pressure along a stroke: a firm beginning, a slow variation, and an end that leaves the paper. */
function press(line: number[], writer: Writer, random: Random): Stroke {
  const points = line.length / 2;
  const vary = noise(2 * lengthOf(line), random);
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

/** Sets the later strokes of a character apart from the earlier ones: most characters are two parts side by side. */
function regroup(strokes: readonly Stroke[], writer: Writer, random: Random): void {
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

/** Connects consecutive strokes whose ends lie near each other, as often as the writer's haste makes likely. */
function join(strokes: readonly Stroke[], writer: Writer, random: Random): Stroke[] {
  const out: Stroke[] = [];
  for (const stroke of strokes) {
    const last = out.at(-1);
    if (last !== undefined) {
      const [x0, y0] = [last.line.at(-2)!, last.line.at(-1)!];
      const [x1, y1] = [stroke.line[0]!, stroke.line[1]!];
      const gap = lengthOf([x0, y0, x1, y1]);
      const near = Math.max(0, 1.1 - 1.6 * gap) * (lengthOf(stroke.line) < TINY ? 0.5 : 1);
      if (random.uniform() < writer.cursive * near) {
        const lightness = random.between(0.3, 0.85);
        const sag = 0.12 * random.normal();
        const link = resample(
          [x0, y0, (x0 + x1) / 2 - sag * (y1 - y0), (y0 + y1) / 2 + sag * (x1 - x0), x1, y1],
          SPACING,
        );
        smooth(link, 2);
        const from = last.line.length;
        last.line.push(...link.slice(2, -2), ...stroke.line);
        while (2 * last.pressure.length < last.line.length - 2 * stroke.pressure.length) last.pressure.push(lightness);
        last.pressure.push(...stroke.pressure);
        // Round both ends of the link into the strokes.
        const start = Math.max(0, from - 8);
        const end = Math.min(last.line.length, last.line.length - stroke.line.length + 8);
        const seam = last.line.slice(start, end);
        smooth(seam, 1 + writer.roundness);
        seam.forEach((value, i) => {
          last.line[start + i] = value;
        });
        continue;
      }
    }
    out.push({ line: stroke.line.slice(), pressure: stroke.pressure.slice() });
  }
  return out;
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

/** Slant, rise, turn and size; then the paper is cropped to the ink, as scans of single characters are. */
function toPaper(strokes: readonly Stroke[], writer: Writer, random: Random): Handwriting {
  const slant = writer.slant + 0.04 * random.normal();
  const rise = writer.rise + 0.03 * random.normal();
  const turn = writer.rotation + 0.02 * random.normal();
  const aspect = Math.sqrt(Math.max(0.5, writer.aspect * (1 + 0.09 * random.normal())));
  const [c, s] = [cos(turn), sin(turn)];
  const height = writer.height * Math.max(0.6, 1 + 0.1 * random.normal());
  const scale = height / aspect;
  const bounds = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  const paths = strokes.map(({ line, pressure }) => {
    const radius = pressure.map((value) => writer.pen * Math.max(0.22, value));
    const flow = noise(lengthOf(line), random);
    const spread = 0.12 + 0.35 * writer.dryness;
    const ink = pressure.map((value, i) => value + spread * flow(i / pressure.length));
    for (let i = 0; i < line.length; i += 2) {
      const u = line[i]! - 0.5 - slant * (line[i + 1]! - 0.5);
      const v = line[i + 1]! - 0.5 - rise * (line[i]! - 0.5);
      const x = (scale / aspect) * (c * u - s * v);
      const y = scale * aspect * (s * u + c * v);
      line[i] = x;
      line[i + 1] = y;
      const r = radius[i / 2]!;
      bounds.left = Math.min(bounds.left, x - r);
      bounds.right = Math.max(bounds.right, x + r);
      bounds.top = Math.min(bounds.top, y - r);
      bounds.bottom = Math.max(bounds.bottom, y + r);
    }
    return { line, radius, ink };
  });
  const width = clamp(Math.round(bounds.right - bounds.left), LIMITS.width);
  const tall = clamp(Math.round(bounds.bottom - bounds.top), LIMITS.height);
  // Where a limit was hit the ink is squeezed to fit; otherwise these are shifts and all but exact unit scales.
  const scaleX = width / (bounds.right - bounds.left);
  const scaleY = tall / (bounds.bottom - bounds.top);
  for (const { line } of paths)
    for (let i = 0; i < line.length; i += 2) {
      line[i] = (line[i]! - bounds.left) * scaleX;
      line[i + 1] = (line[i + 1]! - bounds.top) * scaleY;
    }
  return { width, height: tall, paths };
}

const clamp = (value: number, [low, high]: readonly [number, number]): number => Math.min(high, Math.max(low, value));
