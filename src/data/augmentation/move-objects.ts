// Boxes, outlines and masks moved with their image. Outlines are cut off at the edge of the result; a box is the smallest
// around what is left of the mask or outline, or around its four corners where only the box is known.
import { numberWithin } from "../../core/options.js";
import type { ImageSize } from "../annotations/index.js";
import {
  type AnnotatedBox,
  type Box,
  maskArea,
  maskBox,
  pixelsOfMask,
  polygonBox,
  type Ring,
  type RunLengths,
  ringArea,
  runLengthsOf,
} from "../annotations/index.js";
import { moveClassMap } from "./move-pixels.js";
import { forwards, type Movement } from "./movement.js";

/** Options of moving objects. */
export interface MoveObjectsOptions {
  /** Least share of an object's area that must be left on the result. Default 0.1 */
  readonly leastVisible?: number;
}

const LEAST_VISIBLE = 0.1;

/**
 * A mask moved by the nearest pixel.
 * @param mask Run lengths of the image's size.
 * @param movement The movement of the image.
 * @example
 * const left = maskOfBox([0, 0, 2, 4], 4, 4);
 * maskBox(moveMask(left, movements.flipped({ width: 4, height: 4 }, { across: true }))); // [2, 0, 2, 4]
 */
export function moveMask(mask: RunLengths, movement: Movement): RunLengths {
  return runLengthsOf(moveClassMap(pixelsOfMask(mask), movement, 0), movement.to.height, movement.to.width);
}

/** A ring moved; it may leave the result. */
function moveRing(ring: Ring, movement: Movement): number[] {
  const move = forwards(movement);
  const moved: number[] = [];
  for (let i = 0; i < ring.length; i += 2) moved.push(...move(ring[i]!, ring[i + 1]!));
  return moved;
}

/** The part of a ring on one side of a line: where `inside` of its corners' coordinate is not below zero. */
function cutRing(ring: readonly number[], axis: 0 | 1, distance: (value: number) => number): number[] {
  const kept: number[] = [];
  for (let i = 0, before = ring.length - 2; i < ring.length; before = i, i += 2) {
    const [here, there] = [distance(ring[i + axis]!), distance(ring[before + axis]!)];
    if (here >= 0 !== there >= 0) {
      const share = there / (there - here);
      kept.push(
        ring[before]! + (ring[i]! - ring[before]!) * share,
        ring[before + 1]! + (ring[i + 1]! - ring[before + 1]!) * share,
      );
    }
    if (here >= 0) kept.push(ring[i]!, ring[i + 1]!);
  }
  return kept;
}

/** The part of a ring on an image (Sutherland and Hodgman 1974). */
function ringOn(ring: readonly number[], { width, height }: ImageSize): number[] {
  const left = cutRing(ring, 0, (x) => x);
  const right = cutRing(left, 0, (x) => width - x);
  const top = cutRing(right, 1, (y) => y);
  return cutRing(top, 1, (y) => height - y);
}

const cornersOf = ([x, y, width, height]: Box): Ring => [x, y, x + width, y, x + width, y + height, x, y + height];

/** The part of a box on an image; undefined where nothing is left. */
function boxOn([x, y, width, height]: Box, size: ImageSize): Box | undefined {
  const [left, top] = [Math.max(0, x), Math.max(0, y)];
  const [right, bottom] = [Math.min(size.width, x + width), Math.min(size.height, y + height)];
  return right > left && bottom > top ? [left, top, right - left, bottom - top] : undefined;
}

interface Moved {
  readonly shape: Pick<AnnotatedBox, "box" | "polygon" | "mask">;
  /** Share of the object that is left. */
  readonly visible: number;
}

function movedByMask(mask: RunLengths, movement: Movement): Moved | undefined {
  const moved = moveMask(mask, movement);
  const area = maskArea(moved);
  if (area === 0) return undefined;
  const [a0, a1, , b0, b1] = movement.map;
  const whole = maskArea(mask) / Math.abs(a0 * b1 - a1 * b0);
  return { shape: { box: maskBox(moved), mask: moved }, visible: area / whole };
}

function movedByPolygon(polygon: readonly Ring[], movement: Movement): Moved | undefined {
  const moved = polygon.map((ring) => moveRing(ring, movement));
  const left = moved.map((ring) => ringOn(ring, movement.to)).filter((ring) => ring.length >= 6);
  const area = (rings: readonly Ring[]): number => rings.reduce((sum, ring) => sum + ringArea(ring), 0);
  if (left.length === 0 || area(left) === 0) return undefined;
  return { shape: { box: polygonBox(left), polygon: left }, visible: area(left) / area(moved) };
}

function movedByBox(box: Box, movement: Movement): Moved | undefined {
  const around = polygonBox([moveRing(cornersOf(box), movement)]);
  const left = boxOn(around, movement.to);
  return left && { shape: { box: left }, visible: (left[2] * left[3]) / (around[2] * around[3]) };
}

/**
 * The objects of an image after its movement, in their order. Those of which too little is left are left out; areas are
 * left out, for `areaOf` computes them again.
 * @param objects The objects of the image.
 * @param movement The movement of the image.
 * @throws FoveaError for a share that is none
 * @example
 * const size = { width: 100, height: 50 };
 * moveObjects([{ category: 0, box: [10, 10, 20, 20] }], movements.flipped(size, { across: true }))[0].box; // [70, 10, 20, 20]
 */
export function moveObjects(
  objects: readonly AnnotatedBox[],
  movement: Movement,
  { leastVisible = LEAST_VISIBLE }: MoveObjectsOptions = {},
): AnnotatedBox[] {
  numberWithin("moveObjects leastVisible", leastVisible, 0, 1);
  return objects.flatMap((object) => {
    const { box, polygon, mask, area: _, ...rest } = object;
    const moved =
      mask !== undefined
        ? movedByMask(mask, movement)
        : polygon !== undefined
          ? movedByPolygon(polygon, movement)
          : movedByBox(box, movement);
    return moved === undefined || moved.visible < leastVisible ? [] : [{ ...rest, ...moved.shape }];
  });
}
