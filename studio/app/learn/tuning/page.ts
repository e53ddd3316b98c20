// Tuning: challenges and code; the stage is stage.tsx.
import type { LearnPage } from "../pages.ts";
import type { State } from "../parts/among.ts";
import { codeOf } from "./code.ts";
import type { Searches } from "./job.ts";
import { run, runKey, Stage } from "./stage.tsx";
import { wishIn } from "./state.ts";

const here = (state: State): Searches | undefined => run.value.get(runKey(wishIn(state)));
const ends = ({ grid, rival }: Searches): { readonly grid: number; readonly rival: number } => ({
  grid: grid.best.at(-1)!,
  rival: rival.best.at(-1)!,
});

/** The top of the objective in which one setting matters. */
const TOP = 1.05;

export const page: LearnPage = {
  Stage,
  challenges: [
    {
      id: "lucky-grid",
      task: "Where one setting matters, find a budget with which the grid, by luck, comes within 2 % of the top.",
      isSolved: (state) => {
        const searches = here(state);
        return searches?.wish.objective === "narrow" && ends(searches).grid >= 0.98 * TOP;
      },
    },
    {
      id: "grid-wins",
      task: "Find a seed with which random search ends below the grid although both settings matter.",
      isSolved: (state) => {
        const searches = here(state);
        const { objective, rival } = searches?.wish ?? {};
        return objective === "round" && rival === "random" && ends(searches!).rival < ends(searches!).grid;
      },
    },
    {
      id: "learning",
      task: "Let TPE end above random search with the same objective, budget and seed: try both.",
      isSolved: (state) => {
        const searches = here(state);
        if (searches?.wish.rival !== "tpe") return false;
        const random = run.value.get(runKey({ ...searches.wish, rival: "random" }));
        return random !== undefined && ends(searches).rival > ends(random).rival;
      },
    },
  ],
  code: codeOf,
};
