// Movements of images as affine maps: turns, zooms and shifts. One formula each for the layers of augmentation, which work it out in
// a graph, and for annotations that move outside of one, which work it out in numbers: both move the same way.

/** Arithmetic that a map is worked out in: that of numbers, or of a graph's values. */
export interface MapArithmetic<T> {
  add(a: T | number, b: T | number): T;
  sub(a: T | number, b: T | number): T;
  mul(a: T | number, b: T | number): T;
  neg(a: T): T;
  cos(a: T): T;
  sin(a: T): T;
}

/**
 * Coefficients a0, a1, a2, b0, b1, b2: the pixel at column x and row y of the result comes from column a0 x + a1 y + a2 and
 * row b0 x + b1 y + b2. Pixels' centres are whole numbers.
 */
export type AffineMapOf<T> = readonly [T | number, T | number, T | number, T | number, T | number, T | number];

/** A turn around the centre. @param angle in radians, above zero counterclockwise */
export function turnMap<T>(
  { add, sub, mul, neg, cos, sin }: MapArithmetic<T>,
  angle: T,
  height: number,
  width: number,
): AffineMapOf<T> {
  const [cosine, sine] = [cos(angle), sin(angle)];
  const [x, y] = [(width - 1) / 2, (height - 1) / 2];
  return [
    ...([cosine, neg(sine), sub(x, sub(mul(cosine, x), mul(sine, y)))] as const),
    ...([sine, cosine, sub(y, add(mul(sine, x), mul(cosine, y)))] as const),
  ];
}

/** A zoom around the centre. @param down and `right` are what a pixel covers: 1.2 shows 20 % more */
export function zoomMap<T>(
  { sub, mul }: MapArithmetic<T>,
  down: T,
  right: T,
  height: number,
  width: number,
): AffineMapOf<T> {
  const keepCentre = (zoom: T, extent: number): T => mul(sub(1, zoom), (extent - 1) / 2);
  return [right, 0, keepCentre(right, width), 0, down, keepCentre(down, height)];
}

/** A shift. @param down and `right` are shares of height and width */
export function shiftMap<T>(
  { mul, neg }: MapArithmetic<T>,
  down: T,
  right: T,
  height: number,
  width: number,
): AffineMapOf<T> {
  const origin = (share: T, extent: number): T => neg(mul(share, extent));
  return [1, 0, origin(right, width), 0, 1, origin(down, height)];
}
