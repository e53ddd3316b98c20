// A tensor as text, as NumPy's repr has it: rows in brackets, columns below each other, the middle left out of large
// ones, with shape and dtype behind. The rules are those of array2string in NumPy 2's arrayprint.py.
import type { DType, TypedArrayOf } from "./dtype.js";
import { floatFormat } from "./print-floats.js";
import { type Shape, sizeOf } from "./shape.js";

interface Printed {
  readonly dtype: DType;
  readonly shape: Shape;
  readonly data: TypedArrayOf[DType];
}

/** Elements from which on the middle of each axis is left out, and how many are shown at each end of it. */
const THRESHOLD = 1000;
const EDGE = 3;
/** Columns of a line, the closing parenthesis included. */
const WIDTH = 75;
const PREFIX = "array(";

/** `(2, 3)` or `(2,)`. */
const tuple = (shape: Shape): string => `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;

/** The places along an axis that are shown; -1 stands for those left out. */
function placesOf(extent: number, isLong: boolean): number[] {
  const all = Array.from({ length: extent }, (_, i) => i);
  return isLong && extent > 2 * EDGE ? [...all.slice(0, EDGE), -1, ...all.slice(-EDGE)] : all;
}

class Printer {
  readonly #strides: readonly number[];
  readonly #isLong: boolean;
  readonly #format: (x: number) => string;

  constructor(readonly array: Printed) {
    const { shape, dtype } = array;
    this.#strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
    this.#isLong = sizeOf(shape) > THRESHOLD;
    const values = this.#shown(0, 0);
    if (dtype === "float32") this.#format = floatFormat(values);
    else {
      const width = values.reduce((most, x) => Math.max(most, String(x).length), 0);
      this.#format = (x) => String(x).padStart(width);
    }
  }

  /** The elements that are shown. */
  #shown(axis: number, offset: number): number[] {
    const { shape, data } = this.array;
    if (axis === shape.length) return [data[offset]!];
    return placesOf(shape[axis]!, this.#isLong).flatMap((position) =>
      position < 0 ? [] : this.#shown(axis + 1, offset + position * this.#strides[axis]!),
    );
  }

  /** The rows from `axis` on, behind `indent` columns, the first of which the caller has written. */
  text(axis = 0, offset = 0, indent = " ".repeat(PREFIX.length + 1), width = WIDTH - 1): string {
    const { shape, data } = this.array;
    if (axis === shape.length) return this.#format(data[offset]!);
    const places = placesOf(shape[axis]!, this.#isLong);
    const inner = (position: number): string =>
      position < 0 ? "..." : this.text(axis + 1, offset + position * this.#strides[axis]!, `${indent} `, width - 1);
    if (axis < shape.length - 1) {
      const between = `,${"\n".repeat(shape.length - axis - 1)}${indent}`;
      return `[${places.map(inner).join(between)}]`;
    }
    let done = "";
    let line = indent;
    for (const [i, position] of places.entries()) {
      const word = inner(position);
      if (line.length + word.length > width - 1 && line.length > indent.length) {
        done += `${line.trimEnd()}\n`;
        line = indent;
      }
      line += i < places.length - 1 ? `${word}, ` : word;
    }
    return `[${(done + line).slice(indent.length)}]`;
  }
}

/**
 * A tensor as NumPy prints an array, with its shape: `array([1., 2.], shape=(2,), dtype=float32)`.
 */
export function printTensor(array: Printed): string {
  const { shape, dtype } = array;
  const body = sizeOf(shape) === 0 ? "[]" : new Printer(array).text();
  const start = `${PREFIX}${body},`;
  const facts = `shape=${tuple(shape)}, dtype=${dtype})`;
  const lastLine = start.length - (start.lastIndexOf("\n") + 1);
  const fits = lastLine + 1 + facts.length <= WIDTH;
  return `${start}${fits ? " " : `\n${" ".repeat(PREFIX.length)}`}${facts}`;
}
