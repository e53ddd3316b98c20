// An image as numbers: challenges and code; the stage is stage.tsx.
import type { LearnPage } from "../pages.ts";
import { sideIn } from "../parts/picture-settings.ts";
import { pictureCode } from "../picture/picture-code.ts";
import { Stage } from "./stage.tsx";
import { byteOf, cellIn, nameIn, numberIn, typeIn } from "./state.ts";

export const page: LearnPage = {
  Stage,
  challenges: [
    {
      id: "pupil",
      task: "Find one of the ghost's eight pixels that are (51, 0, 255).",
      isSolved: (state) => {
        const { row, column } = cellIn(state, 16, 16);
        return nameIn(state) === "ghost" && [6, 7].includes(row) && [3, 4, 9, 10].includes(column);
      },
    },
    {
      id: "a1",
      task: "Set the bits of 0xA1, which is 1010 and 0001.",
      isSolved: (state) => byteOf(numberIn(state)) === 0xa1,
    },
    {
      id: "overflow",
      task: "Find a number above 255 that a byte without a sign keeps as 44.",
      isSolved: (state) => typeIn(state) === "uint8" && numberIn(state) > 255 && byteOf(numberIn(state)) === 44,
    },
  ],
  code: (state) => ({ typescript: codeOf(state), commands: "" }),
};

function codeOf(state: Readonly<Record<string, string>>): string {
  const { imports, lines } = pictureCode({ name: nameIn(state), color: "rgb", size: sideIn(state) });
  const { row, column } = cellIn(state, 32, 32);
  return [
    'import { tensor } from "fovea";',
    ...imports,
    "",
    ...lines,
    'const pixels = tensor(image.data, [image.height, image.width, 3], "uint8");',
    "console.log(pixels.shape);",
    "// The three bytes of one pixel.",
    `const at = (${row} * image.width + ${column}) * 3;`,
    "console.log(pixels.data.slice(at, at + 3));",
    "// A whole number in one byte.",
    `console.log(tensor([${numberIn(state)}], "${typeIn(state)}").data[0]);`,
    "",
  ].join("\n");
}
