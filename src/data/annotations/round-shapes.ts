// Shapes that the model has no record for, as rings: ellipses, and rectangles that are turned. Sines are core/math's, so that
// the corners have the same bits on every engine.
import { cos, sin } from "../../core/math.js";
import type { Ring } from "./model.js";

/** Corners of the polygon that stands for an ellipse. */
const CORNERS = 64;

/** A point turned clockwise on the screen around a centre. */
function turned(x: number, y: number, centreX: number, centreY: number, degrees: number): [number, number] {
  const angle = (degrees * Math.PI) / 180;
  const [c, s] = [cos(angle), sin(angle)];
  return [centreX + (x - centreX) * c - (y - centreY) * s, centreY + (x - centreX) * s + (y - centreY) * c];
}

/** An ellipse around a centre as a ring; `degrees` turn it clockwise. */
export function ellipseRing(x: number, y: number, radiusX: number, radiusY: number, degrees = 0): Ring {
  return Array.from({ length: CORNERS }, (_, i) => {
    const angle = (2 * Math.PI * i) / CORNERS;
    return turned(x + radiusX * cos(angle), y + radiusY * sin(angle), x, y, degrees);
  }).flat();
}

/** The four corners of a rectangle that is turned clockwise around a point. */
export function turnedRing(
  [x, y, width, height]: readonly [number, number, number, number],
  degrees: number,
  around: readonly [number, number],
): Ring {
  const corners = [
    [x, y],
    [x + width, y],
    [x + width, y + height],
    [x, y + height],
  ] as const;
  return corners.flatMap(([cornerX, cornerY]) => turned(cornerX, cornerY, ...around, degrees));
}
