// Transfer: challenges and code; the stage is stage.tsx.
import type { LearnPage } from "../pages.ts";
import type { State } from "../parts/among.ts";
import { codeOf } from "./code.ts";
import { GROUPS } from "./groups.ts";
import type { Transferred } from "./job.ts";
import { Stage, transferred } from "./stage.tsx";
import { wishIn } from "./state.ts";
import { summaryOf } from "./summary.ts";

/** The transfer of this state, once it is computed. */
const here = (state: State): Transferred | undefined => {
  const found = transferred.value;
  return found !== undefined && JSON.stringify(found.wish) === JSON.stringify(wishIn(state)) ? found : undefined;
};

export const page: LearnPage = {
  Stage,
  challenges: [
    {
      id: "told-apart",
      task: "With nothing but the new head trained, find how many steps it takes until all forty others are right.",
      isSolved: (state) => {
        const found = here(state);
        return found?.wish.trained.join() === "head" && found.after.accuracy === 1;
      },
    },
    {
      id: "parts",
      task: "Train exactly 56,258 weights.",
      isSolved: (state) => here(state)?.params.trainable === 56_258,
    },
    {
      id: "gently",
      task: "Train everything, but so gently that one step changes no weight of the 1st block by as much as 0.1 %.",
      isSolved: (state) => {
        const found = here(state);
        if (found === undefined || found.wish.trained.length < GROUPS.length) return false;
        const { change } = summaryOf(found.groups.block1);
        return change > 0 && change < 1e-3;
      },
    },
  ],
  code: codeOf,
};
