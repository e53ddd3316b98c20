// The state of the page of transfer, as the address has it: what is trained, how fast, for how long, on which characters.

import { seedIn, wholeIn } from "../../frame/whole.ts";
import { among, type State } from "../parts/among.ts";
import { GROUPS, type GroupName } from "./groups.ts";

export const RATES = ["0.01", "0.001", "0.0001", "0.00001"] as const;
export const PAIRS = ["马鸟", "人从", "大天", "女妈"] as const;
/** Images of each character to train on, and to judge by. */
export const TRAINED_ON = 8;
export const JUDGED_ON = 20;
export const MOST_STEPS = 20;

export interface TransferWish {
  /** The parts that are trained; the rest is frozen. */
  readonly trained: readonly GroupName[];
  readonly rate: number;
  readonly steps: number;
  readonly pair: string;
  /** Of the head's first weights. */
  readonly seed: number;
}

/** An address without a list trains the head; an empty list trains nothing. */
function trainedIn({ train = "head" }: State): readonly GroupName[] {
  const named = new Set(train.split("."));
  return GROUPS.filter((group) => named.has(group));
}

/** The list as the address has it. */
export const trainText = (trained: readonly GroupName[]): string => trained.join(".") || "none";

export function wishIn(state: State): TransferWish {
  return {
    trained: trainedIn(state),
    rate: Number(among(RATES, state.rate, "0.01")),
    steps: wholeIn(state.steps, 1, 1, MOST_STEPS),
    pair: among(PAIRS, state.pair, PAIRS[0]),
    seed: seedIn(state),
  };
}
