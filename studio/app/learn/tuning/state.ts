// The state of the page of tuning, as the address has it.
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

type State = Readonly<Record<string, string>>;

const among = <T extends string>(values: readonly T[], value: string | undefined, fallback: T): T =>
  values.find((known) => known === value) ?? fallback;

export function wishIn({ objective, grid, rival, seed = "1" }: State): SearchWish {
  const number = Number(seed);
  return {
    objective: among(OBJECTIVES, objective, "narrow"),
    side: Number(among(SIDES_OF_GRID, grid, "3")),
    rival: among(RIVALS, rival, "random"),
    seed: Number.isInteger(number) && number >= 0 && number < 2 ** 32 ? number : 1,
  };
}

export const budgetOf = ({ side }: SearchWish): number => side * side;

/** How many trials are shown; undefined for all. */
export function shownIn({ trials }: State, budget: number): number | undefined {
  const number = Number(trials);
  return trials !== undefined && Number.isInteger(number) && number >= 0 && number < budget ? number : undefined;
}
