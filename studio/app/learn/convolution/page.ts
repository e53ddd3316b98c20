// Convolution: challenges and code; the stage is stage.tsx.
import type { LearnPage } from "../pages.ts";
import type { State } from "../parts/among.ts";
import { windowOf } from "../parts/window.ts";
import { codeOf } from "./code.ts";
import { Stage } from "./stage.tsx";
import { settingsIn, weightsOf } from "./state.ts";
import { VerticalEdges } from "./vertical-edges.tsx";

export const page: LearnPage = {
  Stage,
  challenges: [
    {
      id: "yellow",
      task: "Make a kernel of 1 × 1 that answers 510 to yellow, 255 to white and 0 to black.",
      isSolved: isYellowDetector,
    },
    {
      id: "five",
      task: "Find a kernel of 3 × 3 or 5 × 5, a stride and a padding that turn 16 × 16 into 5 × 5.",
      isSolved: (state) => {
        const { size, stride, padding } = settingsIn(state);
        return size > 1 && windowOf(16, 16, size, stride, padding).rows.outputs === 5;
      },
    },
    {
      id: "vertical",
      task: "Make a kernel that answers to vertical edges and to nothing else.",
      isSolved: answersToVerticalEdges,
      Aid: VerticalEdges,
    },
  ],
  code: (state) => ({ typescript: codeOf(settingsIn(state), state.at), commands: "" }),
};

/** Weights of the filter that is looked at, slice by slice. */
function lookedAt(state: State) {
  const settings = settingsIn(state);
  return { ...settings, weights: weightsOf(settings.filters[settings.filter]!) };
}

const isNear = (a: number, b: number): boolean => Math.abs(a - b) < 1e-6;
const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

function isYellowDetector(state: State): boolean {
  const { size, channels, filters, filter, weights } = lookedAt(state);
  if (size !== 1 || channels !== 3 || filters[filter]!.bias !== 0) return false;
  const [red, green, blue] = weights.map(([weight]) => weight!) as [number, number, number];
  return isNear(red + green, 2) && isNear(red + green + blue, 1);
}

/**
 * An edge that lies flat changes from row to row alone, so a kernel is blind to it when each of its rows adds up to 0; it
 * sees an upright one when some of its columns do not.
 */
function answersToVerticalEdges(state: State): boolean {
  const { size, weights } = lookedAt(state);
  const lines = Array.from({ length: size }, (_, line) => line);
  const isBlind = weights.every((slice) =>
    lines.every((row) => isNear(sumOf(slice.slice(row * size, (row + 1) * size)), 0)),
  );
  const sees = weights.some((slice) => lines.some((column) => !isNear(sumOf(columnOf(slice, size, column)), 0)));
  return isBlind && sees;
}

const columnOf = (slice: readonly number[], size: number, column: number): readonly number[] =>
  slice.filter((_, cell) => cell % size === column);
