// The lines that compute what the page of convolution shows.

import { cellOf } from "../../pixel-grid/cells.ts";
import { pictureCode } from "../picture/picture-code.ts";
import { FIRST_OUTPUT, type Settings } from "./state.ts";

/** @param at the output that is looked at, as the address has it */
export function codeOf(settings: Settings, at: string | undefined): string {
  const { name, side, color, channels, size, stride, padding, relu, filters, filter } = settings;
  const { imports, lines } = pictureCode({ name, color, size: side });
  const { row, column } = cellOf(at, 1000, 1000, FIRST_OUTPUT);
  const count = filters.length;
  return [
    'import { expandDims, sequential, tensor, zeros } from "fovea";',
    ...imports,
    'import { conv2d, input } from "fovea/layers";',
    "",
    ...lines,
    `const pixels = tensor(Float32Array.from(image.data), [image.height, image.width, ${channels}], "float32");`,
    "// Weights by filter, channel and row.",
    "const kernels = [",
    ...filters.map(({ slices }) => `  [${slices.map((slice) => sliceCode(slice, size)).join(", ")}],`),
    "];",
    `const weights = zeros([${size}, ${size}, ${channels}, ${count}], "float32");`,
    "kernels.flat(3).forEach((weight, i) => {",
    "  // A layer's kernel goes by row, column, channel and filter.",
    `  const [cell, slice] = [i % ${size * size}, Math.floor(i / ${size * size})];`,
    `  weights.data[(cell * ${channels} + (slice % ${channels})) * ${count} + Math.floor(slice / ${channels})] = weight;`,
    "});",
    `const layer = conv2d(${count}, ${size}, { strides: ${stride}, padding: "${padding}"${relu ? ', activation: "relu"' : ""} });`,
    "const model = sequential([input(pixels.shape), layer]);",
    `await layer.setWeights([weights, tensor([${filters.map(({ bias }) => bias).join(", ")}], "float32")]);`,
    "const output = await model.predict(expandDims(pixels));",
    "console.log(output.shape.slice(1));",
    "const [, height, width] = output.shape;",
    `const [row, column] = [Math.min(${row}, height - 1), Math.min(${column}, width - 1)];`,
    `console.log(output.data[(row * width + column) * ${count} + ${filter}]);`,
    "await model.close();",
    "",
  ].join("\n");
}

/** Rows of a slice: `[[-1, 0, 1], ...]`. */
function sliceCode(slice: readonly string[], size: number): string {
  const weights = slice.map((weight) => weight.replace("/", " / "));
  const rows = Array.from({ length: size }, (_, row) => `[${weights.slice(row * size, (row + 1) * size).join(", ")}]`);
  return `[${rows.join(", ")}]`;
}
