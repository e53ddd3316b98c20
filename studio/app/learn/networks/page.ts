// The page of networks as the lecture's table takes it.
import type { LearnPage } from "../pages.ts";
import { codeOf } from "./code.ts";
import { left } from "./residual.tsx";
import { Networks } from "./stage.tsx";
import { blocksOf, shownOf } from "./state.ts";

export const page: LearnPage = {
  Stage: Networks,
  challenges: [
    {
      id: "heaviest",
      task: "One layer of AlexNet has more than half of its weights: find it.",
      isSolved: (state) => shownOf(state) === "alexnet" && state.layer === "dense",
    },
    {
      id: "single-place",
      task: "In LeNet-5 one convolution sees the whole picture at once and puts out maps of a single place: find it.",
      isSolved: (state) => shownOf(state) === "lenet5" && state.layer === "c5",
    },
    {
      id: "fading",
      task: "Take the residual block's shortcut away, and add blocks until values lie less than a thousandth as far apart as before.",
      isSolved: (state) => {
        const { share = 1, shortcut = true, blocks } = left.value ?? {};
        return shownOf(state) === "residual" && !shortcut && share < 1e-3 && blocks === blocksOf(state);
      },
    },
  ],
  code: codeOf,
};
