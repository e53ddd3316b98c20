// What layers learn: challenges and code; the stage is stage.tsx.
import type { LearnPage } from "../pages.ts";
import type { State } from "../parts/among.ts";
import { seedIn } from "../parts/whole.ts";
import { codeOf } from "./code.ts";
import { ended, endedKey } from "./growth.ts";
import type { Grown } from "./job.ts";
import { Stage } from "./stage.tsx";
import { type Chosen, chosenIn, SIDES, type Side } from "./state.ts";

/** The channels that are shown, with how their pictures ended. */
const shown = (state: State): readonly (readonly [Chosen, Grown])[] =>
  (Object.keys(SIDES) as Side[]).flatMap((side) => {
    const chosen = chosenIn(state, side);
    const grown = ended.value.get(endedKey(chosen, seedIn(state)));
    return grown === undefined ? [] : [[chosen, grown] as const];
  });

export const page: LearnPage = {
  Stage,
  challenges: [
    {
      id: "hundredfold",
      task: "Find a channel of the 4th block that ends a hundred times as loud as it was for its noise.",
      isSolved: (state) =>
        shown(state).some(([{ layer }, { before, after }]) => layer === "relu4" && before > 0 && after >= 100 * before),
    },
    {
      id: "bound",
      task: "Find a channel of the 1st block whose picture reaches nine tenths of what no image at all can exceed.",
      isSolved: (state) =>
        shown(state).some(([, { after, ceiling }]) => ceiling !== undefined && after >= 0.9 * ceiling),
    },
    {
      id: "two-noises",
      task: "Let a channel of the 4th block grow from two different noises, and see two pictures that it likes: at least two thirds as much the one as the other.",
      isSolved: (state) =>
        shown(state).some(([chosen, { after }]) => {
          if (chosen.layer !== "relu4" || after === 0) return false;
          const others = [...ended.value].filter(
            ([key]) => key.startsWith(`${endedKey(chosen, 0).slice(0, -1)}`) && key !== endedKey(chosen, seedIn(state)),
          );
          return others.some(([, other]) => Math.min(other.after, after) >= (2 / 3) * Math.max(other.after, after));
        }),
    },
  ],
  code: codeOf,
};
