// Zero-padded copies of images, so that convolution loops need no border cases. The prologue (bytes to numbers,
// rescaling) is computed on the way. Images that need neither are read where they lie.
import type { ConvGeometry, Expression, Leaf } from "../../../compile/kernels.js";
import { byteWidth } from "../../../core/dtype.js";
import type { Code, Local } from "../assembler/code.js";
import { sum, times } from "../assembler/operands.js";
import { type Emission, vectorLoop } from "./emission.js";
import { emitExpression, loadSplat, loadVector } from "./vectors.js";

/** Vector loads may reach this far past the last element. */
const SLACK = 64;

export interface PaddedImages {
  /** Bytes of scratch for one image; 0 when images are read in place. */
  readonly bytes: number;
  /** Bytes from one row to the next. */
  readonly pitch: number;
  /** Sets `pointer` to the top left corner of image number `image`, which it prepares at `scratch` if need be. */
  readonly open: (code: Code, image: Local, scratch: Local, pointer: Local) => void;
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

export function paddedImages(emission: Emission, geometry: ConvGeometry, prologue: Expression): PaddedImages {
  const { input, padding, dilation, inputChannels } = geometry;
  const { bytes, pitch } = paddedSize(geometry);
  const imageSize = input[0] * input[1] * inputChannels;
  const [only] = prologue.leaves;
  const plain = prologue.code.length === 1 && only?.buffer.dtype === "float32";
  const tight = padding.every((cells) => cells === 0) && dilation.every((step) => step === 1);
  if (plain && tight) {
    const address = emission.address(only.buffer) + only.offset * 4;
    return {
      bytes: 0,
      pitch,
      open: (code, image, _scratch, pointer) => void code.set(pointer, sum(times(image, imageSize * 4), address)),
    };
  }
  const copy = copyImage(emission, geometry, prologue, tight);
  return {
    bytes,
    pitch,
    open: (code, image, scratch, pointer) => void code.get(image).get(scratch).call(copy).set(pointer, scratch),
  };
}

/** A function (image, target) that writes an image through the prologue to its positions in the padded one at `target`. */
function copyImage(emission: Emission, geometry: ConvGeometry, prologue: Expression, tight: boolean): number {
  const { input, padding, dilation, inputChannels } = geometry;
  const { bytes, pitch } = paddedSize(geometry);
  const [height, width] = input;
  return emission.module.function({ parameters: ["i32", "i32"], results: [] }, (code, image, target) => {
    const [element, out] = code.locals("i32", 2);
    const copyRun = (elements: number): void => {
      vectorLoop(code, elements, (lanes) => {
        const load = (leaf: Leaf): void => loadElement(emission, code, leaf, element, lanes);
        const results = emitExpression(code, prologue, load);
        code.store(out, results.locals[0]!, 0, lanes);
        results.release();
        code.advance(element, lanes).advance(out, lanes * 4);
      });
    };
    if (!tight) code.get(target).i32(0).i32(bytes).memoryFill();
    code.set(element, times(image, height * width * inputChannels));
    code.set(out, sum(target, padding[0] * pitch + padding[2] * inputChannels * 4));
    if (tight) copyRun(height * width * inputChannels);
    else
      code.loop(height, 1, () => {
        if (dilation[1] === 1) copyRun(width * inputChannels);
        else
          code.loop(width, 1, () => {
            copyRun(inputChannels);
            code.advance(out, (dilation[1] - 1) * inputChannels * 4);
          });
        code.advance(out, dilation[0] * pitch - width * dilation[1] * inputChannels * 4);
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
