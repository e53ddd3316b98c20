// Features, "What layers learn": challenges and code; the stage is stage.tsx.

import { seedIn } from "../../frame/whole.ts";
import type { LearnPage } from "../pages.ts";
import type { State } from "../parts/among.ts";
import { codeOf } from "./code.ts";
import { type Ended, ended } from "./growth.ts";
import { Stage } from "./stage.tsx";
import { chosenIn, isMineIn, SHIPPED, SIDES } from "./state.ts";

/** The channels of the shipped network that are shown, with how their pictures ended. */
const shown = (state: State): readonly Ended[] =>
  SIDES.flatMap((side) => {
    const { layer, channel } = chosenIn(state, side, SHIPPED);
    const isHere = (each: Ended): boolean =>
      !each.isMine && each.layer === layer && each.channel === channel && each.seed === seedIn(state);
    const found = isMineIn(state) ? undefined : ended.value.find(isHere);
    return found === undefined ? [] : [found];
  });

/** The same channel's other pictures. */
const others = ({ layer, channel, seed }: Ended): readonly Ended[] =>
  ended.value.filter((each) => !each.isMine && each.layer === layer && each.channel === channel && each.seed !== seed);

export const page: LearnPage = {
  Stage,
  challenges: [
    {
      id: "hundredfold",
      task: "Find a channel of relu4, the deepest layer, that in the end fires a hundred times as hard as for its noise.",
      isSolved: (state) =>
        shown(state).some(
          ({ layer, grown: { before, after } }) => layer === "relu4" && before > 0 && after >= 100 * before,
        ),
    },
    {
      id: "bound",
      task: "Find a channel of relu1, the earliest layer, whose picture reaches nine tenths of what no image at all can exceed.",
      isSolved: (state) =>
        shown(state).some(({ grown: { after, ceiling } }) => ceiling !== undefined && after >= 0.9 * ceiling),
    },
    {
      id: "two-noises",
      task: "Let a channel of relu4 grow from two different noises, and see two pictures that it likes: at least two thirds as much the one as the other.",
      isSolved: (state) =>
        shown(state).some((here) => {
          const { after } = here.grown;
          return (
            here.layer === "relu4" &&
            after > 0 &&
            others(here).some(({ grown }) => Math.min(grown.after, after) >= (2 / 3) * Math.max(grown.after, after))
          );
        }),
    },
  ],
  code: codeOf,
};
