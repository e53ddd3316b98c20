// Running hand: consecutive strokes joined by a light line where the pen does not quite leave the paper.
import type { Random } from "../../core/random.js";
import { DOT, lengthOf, resample, SPACING, type Stroke, smooth } from "./strokes.js";
import type { Writer } from "./writer.js";

/** Strokes in writing order, some of them joined to the one before: the nearer, the likelier; dots seldom. */
export function joinStrokes(strokes: readonly Stroke[], writer: Writer, random: Random): Stroke[] {
  const out: Stroke[] = [];
  for (const stroke of strokes) {
    const last = out.at(-1);
    const gap = last && lengthOf([...last.line.slice(-2), ...stroke.line.slice(0, 2)]);
    const near = gap === undefined ? 0 : Math.max(0, 1.1 - 1.6 * gap) * (lengthOf(stroke.line) < DOT ? 0.25 : 1);
    if (last !== undefined && random.uniform() < writer.cursive * near) append(last, stroke, writer, random);
    else out.push(stroke);
  }
  return out;
}

/** Lengthens `last` by a link and the stroke it leads to. */
function append(last: Stroke, stroke: Stroke, writer: Writer, random: Random): void {
  const { line, pressure } = last;
  const lightness = random.between(0.3, 0.85);
  const sag = 0.12 * random.normal();
  const [x0, y0] = [line.at(-2)!, line.at(-1)!];
  const [x1, y1] = [stroke.line[0]!, stroke.line[1]!];
  const middle = [(x0 + x1) / 2 - sag * (y1 - y0), (y0 + y1) / 2 + sag * (x1 - x0)];
  const link = resample([x0, y0, ...middle, x1, y1], SPACING).slice(2, -2);
  // The seam is smoothed from four points before the link to four points after it.
  const start = Math.max(0, line.length - 8);
  const end = line.length + link.length + Math.min(8, stroke.line.length);
  line.push(...link, ...stroke.line);
  for (let i = 0; i < link.length; i += 2) pressure.push(lightness);
  pressure.push(...stroke.pressure);
  const seam = line.slice(start, end);
  smooth(seam, 3 + writer.roundness);
  line.splice(start, seam.length, ...seam);
}
