// The state of the page of tuning, as the address has it.

import { seedIn, wholeIn } from "../../frame/whole.ts";
import { among, type State } from "../parts/among.ts";
import { OBJECTIVES, type ObjectiveName } from "./objectives.ts";

/** Values of each setting that the grid tries; both searches get their square as budget. */
export const SIDES_OF_GRID = ["3", "4", "5", "6", "7"] as const;
export const RIVALS = ["random", "quasirandom", "tpe"] as const;
export type Rival = (typeof RIVALS)[number];
export const RIVAL_TITLES: Readonly<Record<Rival, string>> = {
  random: "random search",
  quasirandom: "quasi-random search",
  tpe: "TPE, which learns",
};

export interface SearchWish {
  readonly objective: ObjectiveName;
  readonly side: number;
  readonly rival: Rival;
  readonly seed: number;
}

export function wishIn(state: State): SearchWish {
  const { objective, grid, rival } = state;
  return {
    objective: among(OBJECTIVES, objective, "narrow"),
    side: Number(among(SIDES_OF_GRID, grid, "3")),
    rival: among(RIVALS, rival, "random"),
    seed: seedIn(state),
  };
}

export const budgetOf = ({ side }: SearchWish): number => side * side;

/** Number of trials that are shown; undefined for all. */
export function shownIn({ trials }: State, budget: number): number | undefined {
  const number = wholeIn(trials, budget, 0, budget);
  return number === budget ? undefined : number;
}
