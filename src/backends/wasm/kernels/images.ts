// Zero-padded copies of images, so that convolution loops need no border cases. The prologue (bytes to numbers,
// rescaling) is computed on the way. Images that need neither are read where they lie.
import type { ConvGeometry, Expression, Leaf } from "../../../compile/kernels.js";
import { byteWidth } from "../../../core/dtype.js";
import type { Code, Local } from "../assembler/code.js";
import { difference, sum, times } from "../assembler/operands.js";
import { type Band, type Bands, type Emission, vectorLoop } from "./emission.js";
import { emitExpression, loadSplat, loadVector } from "./vectors.js";

/** Vector loads may reach this far past the last element. */
const SLACK = 64;

/** The padded rows that bands of results see. */
export interface SeenRows {
  readonly bands: Bands;
  /** Padded rows from one row of results to the next. */
  readonly step: number;
  /** Padded rows that a row of results sees. */
  readonly reach: number;
}

export interface PaddedImages {
  /** Bytes of scratch for one image; 0 when images are read in place. */
  readonly bytes: number;
  /** Bytes from one row to the next. */
  readonly pitch: number;
  /**
   * Sets `pointer` to the top left corner of image number `image`, which it prepares at `scratch` if need be: all of it, or
   * what the results of a band see.
   */
  readonly open: (code: Code, image: Local, scratch: Local, pointer: Local, band?: Band) => void;
}

const paddedExtent = ({ input, padding, dilation }: ConvGeometry, axis: 0 | 1): number =>
  (input[axis] - 1) * dilation[axis] + 1 + padding[axis * 2]! + padding[axis * 2 + 1]!;

/** Rows and columns after dilation and padding. */
export function paddedSize(geometry: ConvGeometry): { rows: number; columns: number; bytes: number; pitch: number } {
  const rows = paddedExtent(geometry, 0);
  const columns = paddedExtent(geometry, 1);
  const pitch = columns * geometry.inputChannels * 4;
  return { rows, columns, pitch, bytes: Math.ceil((rows * pitch + SLACK) / 64) * 64 };
}

/** Padded rows under a filter. */
export const seenRows = ({ filter, spacing }: ConvGeometry): number => (filter[0] - 1) * spacing[0] + 1;

/** Filter cells whose pixels lie side by side in the image. */
export interface FilterRun {
  /** Bytes from the footprint's corner to the first pixel. */
  readonly offset: number;
  /** Cells before the first, times input channels. */
  readonly first: number;
  /** Pixels times input channels. */
  readonly count: number;
}

/** A filter's rows, or its single cells when dilation holds them apart. */
export function filterRuns({ filter, spacing, inputChannels }: ConvGeometry, pitch: number): FilterRun[] {
  const perRow = spacing[1] === 1 ? 1 : filter[1];
  const count = (filter[1] / perRow) * inputChannels;
  return Array.from({ length: filter[0] * perRow }, (_, i) => ({
    offset: Math.floor(i / perRow) * spacing[0] * pitch + (i % perRow) * spacing[1] * inputChannels * 4,
    first: i * count,
    count,
  }));
}

/** True where there are no zeros around or between pixels. */
export const isTight = ({ padding, dilation }: ConvGeometry): boolean =>
  padding.every((cells) => cells === 0) && dilation.every((step) => step === 1);

/** True where the images are numbers that nothing is computed from. */
const isPlain = ({ code, leaves }: Expression): boolean => code.length === 1 && leaves[0]?.buffer.dtype === "float32";

/** True where images need neither padding nor a computation. */
export const isReadInPlace = (geometry: ConvGeometry, prologue: Expression): boolean =>
  isTight(geometry) && isPlain(prologue);

/**
 * Images as a convolution reads them.
 * @param seen With it, `open` expects a band and prepares the rows that its results see. Default: whole images.
 */
export function paddedImages(
  emission: Emission,
  geometry: ConvGeometry,
  prologue: Expression,
  seen?: SeenRows,
): PaddedImages {
  const { input, dilation, inputChannels } = geometry;
  const { rows, bytes, pitch } = paddedSize(geometry);
  const imageSize = input[0] * input[1] * inputChannels;
  const [only] = prologue.leaves;
  if (only !== undefined && isReadInPlace(geometry, prologue)) {
    const address = emission.address(only.buffer) + only.offset * 4;
    return {
      bytes: 0,
      pitch,
      open: (code, image, _scratch, pointer) => void code.set(pointer, sum(times(image, imageSize * 4), address)),
    };
  }
  const inBands = seen !== undefined && seen.bands.perImage > 1;
  if ((inBands || !isTight(geometry)) && dilation.every((step) => step === 1)) {
    const copy = copyRows(emission, geometry, prologue);
    return {
      bytes,
      pitch,
      open: (code, image, scratch, pointer, band) => {
        code.set(pointer, scratch).get(image).get(scratch);
        if (inBands)
          code
            .push(times(band!.start, seen.step))
            .push(times(band!.end, seen.step))
            .plus(seen.reach - seen.step);
        else code.i32(0).i32(rows);
        code.call(copy);
      },
    };
  }
  const copy = copyImage(emission, geometry, prologue);
  return {
    bytes,
    pitch,
    open: (code, image, scratch, pointer) => void code.get(image).get(scratch).call(copy).set(pointer, scratch),
  };
}

/** Runs of at least so many numbers that nothing is computed from are moved by one instruction, whose start takes a while. */
const LONG_RUN = 64;

/** Pointers that move through an image: the number of its next element, and where that goes. */
interface Walk {
  readonly element: Local;
  readonly out: Local;
}

/** Writes a run of elements of an image through the prologue; `element` and `out` move past it. */
function copyRun(code: Code, emission: Emission, prologue: Expression, { element, out }: Walk, elements: number): void {
  const [only] = prologue.leaves;
  if (only !== undefined && isPlain(prologue) && only.strides[0] === 1 && elements >= LONG_RUN) {
    code.get(out).push(sum(times(element, 4), emission.address(only.buffer) + only.offset * 4));
    code
      .i32(elements * 4)
      .memoryCopy()
      .advance(element, elements)
      .advance(out, elements * 4);
    return;
  }
  vectorLoop(code, elements, (lanes) => {
    const load = (leaf: Leaf): void => loadElement(emission, code, leaf, element, lanes);
    const results = emitExpression(code, prologue, load);
    code.store(out, results.locals[0]!, 0, lanes);
    results.release();
    code.advance(element, lanes).advance(out, lanes * 4);
  });
}

/** A function (image, target) that writes an image through the prologue to its positions in the padded one at `target`. */
function copyImage(emission: Emission, geometry: ConvGeometry, prologue: Expression): number {
  const { input, padding, dilation, inputChannels } = geometry;
  const { bytes, pitch } = paddedSize(geometry);
  const [height, width] = input;
  return emission.module.function({ parameters: ["i32", "i32"], results: [] }, (code, image, target) => {
    const [element, out] = code.locals("i32", 2);
    const copy = (elements: number): void => copyRun(code, emission, prologue, { element, out }, elements);
    const tight = isTight(geometry);
    if (!tight) code.get(target).i32(0).i32(bytes).memoryFill();
    code.set(element, times(image, height * width * inputChannels));
    code.set(out, sum(target, padding[0] * pitch + padding[2] * inputChannels * 4));
    if (tight) copy(height * width * inputChannels);
    else
      code.loop(height, 1, () => {
        if (dilation[1] === 1) copy(width * inputChannels);
        else
          code.loop(width, 1, () => {
            copy(inputChannels);
            code.advance(out, (dilation[1] - 1) * inputChannels * 4);
          });
        code.advance(out, dilation[0] * pitch - width * dilation[1] * inputChannels * 4);
      });
  });
}

/** A function (image, target, first, end) that writes the padded rows from `first` up to `end`; pixels lie side by side. */
function copyRows(emission: Emission, geometry: ConvGeometry, prologue: Expression): number {
  const { input, padding, inputChannels } = geometry;
  const { pitch } = paddedSize(geometry);
  const [height, width] = input;
  const [top, , left, right] = padding;
  const run = width * inputChannels;
  const type = { parameters: ["i32", "i32", "i32", "i32"], results: [] } as const;
  return emission.module.function(type, (code, image, target, first, end) => {
    const [element, out, row, last] = code.locals("i32", 4);
    const clearRows = (from: Local, to: Local, slack: number): void => {
      code.push(sum(target, times(from, pitch))).i32(0);
      code
        .push(times(difference(to, from), pitch))
        .plus(slack)
        .memoryFill();
    };
    const clearPixels = (pixels: number): void =>
      vectorLoop(code, pixels * inputChannels, (lanes) => {
        code.get(out);
        if (lanes === 4) code.f32x4(0).memory("v128_store");
        else code.f32(0).memory("f32_store");
        code.advance(out, lanes * 4);
      });
    // Rows of the image are those from `row` up to `last`, the others are border.
    code.max(first, top).set(row);
    code.min(row, end).set(row);
    code.min(end, top + height).set(last);
    code.max(last, row).set(last);
    clearRows(first, row, 0);
    clearRows(last, end, SLACK);
    code.set(element, times(sum(times(image, height), row), run));
    if (top > 0) code.advance(element, -top * run);
    code.set(out, sum(target, times(row, pitch)));
    code.loopBetween(row, row, last, 1, () => {
      clearPixels(left);
      copyRun(code, emission, prologue, { element, out }, run);
      clearPixels(right);
    });
  });
}

/** Pushes `lanes` lanes of a leaf that has one axis, or none, from element number `element` on. */
function loadElement(emission: Emission, code: Code, { buffer, offset, strides }: Leaf, element: Local, lanes: 4 | 1) {
  const width = byteWidth(buffer.dtype);
  const base = emission.address(buffer) + offset * width;
  if (strides[0] === 0) {
    code.i32(0);
    loadSplat(code, buffer.dtype, base);
    return;
  }
  code.push(times(element, width));
  (lanes === 4 ? loadVector : loadSplat)(code, buffer.dtype, base);
}
