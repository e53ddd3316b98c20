// Pooling: challenges and code; the stage is stage.tsx.

import { cellOf } from "../../pixel-grid/cells.ts";
import type { LearnPage } from "../pages.ts";
import { windowOf } from "../parts/window.ts";
import { isSmall } from "../picture/picture.ts";
import { pictureCode } from "../picture/picture-code.ts";
import { Stage } from "./stage.tsx";
import { FIRST_OUTPUT, type Settings, settingsIn } from "./state.ts";

export const page: LearnPage = {
  Stage,
  challenges: [
    {
      id: "overlap",
      task: "Let neighbouring windows overlap, as AlexNet does.",
      isSolved: (state) => {
        const { size, stride } = settingsIn(state);
        return stride < size;
      },
    },
    {
      id: "ink",
      task: "Take a written character, dark on light, and pool it so that its strokes grow thinner.",
      isSolved: (state) => {
        const { name, kind } = settingsIn(state);
        return !isSmall(name) && name !== "mine" && kind === "max";
      },
    },
    {
      id: "global",
      task: "Keep one number of a whole channel: turn 16 × 16 into 1 × 1.",
      isSolved: (state) => {
        const { name, side, size, stride, padding } = settingsIn(state);
        const pixels = isSmall(name) ? 16 : side;
        return windowOf(pixels, pixels, size, stride, padding).rows.outputs === 1;
      },
    },
  ],
  code: (state) => ({ typescript: codeOf(settingsIn(state), state.at), commands: "" }),
};

function codeOf(
  { name, side, color, channels, kind, size, stride, padding }: Settings,
  at: string | undefined,
): string {
  const { imports, lines } = pictureCode({ name, color, size: side });
  const { row, column } = cellOf(at, 1000, 1000, FIRST_OUTPUT);
  const layer = kind === "max" ? "maxPooling2d" : "averagePooling2d";
  return [
    'import { callLayer, expandDims, tensor } from "fovea";',
    ...imports,
    `import { ${layer} } from "fovea/layers";`,
    "",
    ...lines,
    `const pixels = tensor(Float32Array.from(image.data), [image.height, image.width, ${channels}], "float32");`,
    `const layer = ${layer}(${size}, { strides: ${stride}, padding: "${padding}" });`,
    "const output = await callLayer(layer, expandDims(pixels));",
    "const [, height, width] = output.shape;",
    "console.log(output.shape.slice(1));",
    `const [row, column] = [Math.min(${row}, height - 1), Math.min(${column}, width - 1)];`,
    `const at = (row * width + column) * ${channels};`,
    `console.log(output.data.slice(at, at + ${channels}));`,
    "",
  ].join("\n");
}
