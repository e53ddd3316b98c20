// The state of the page of transfer, as the address has it: what is trained, how fast, for how long, on which characters.
import { GROUPS, type GroupName } from "./groups.ts";

export const RATES = ["0.01", "0.001", "0.0001", "0.00001"] as const;
export const PAIRS = ["马鸟", "人从", "大天", "女妈"] as const;
/** Images of each character to train on, and to judge by. */
export const TRAINED_ON = 8;
export const JUDGED_ON = 20;
export const MOST_STEPS = 20;

export interface TransferWish {
  /** What is trained; the rest is frozen. */
  readonly trained: readonly GroupName[];
  readonly rate: number;
  readonly steps: number;
  readonly pair: string;
  /** Of the head's first weights. */
  readonly seed: number;
}

type State = Readonly<Record<string, string>>;

/** An address without a list trains the head; an empty list trains nothing. */
function trainedIn({ train = "head" }: State): readonly GroupName[] {
  const named = new Set(train.split("."));
  return GROUPS.filter((group) => named.has(group));
}

export function wishIn(state: State): TransferWish {
  const steps = Number(state.steps ?? 1);
  const seed = Number(state.seed ?? 1);
  return {
    trained: trainedIn(state),
    rate: Number(RATES.find((rate) => rate === state.rate) ?? "0.01"),
    steps: Number.isInteger(steps) ? Math.min(Math.max(steps, 1), MOST_STEPS) : 1,
    pair: PAIRS.find((pair) => pair === state.pair) ?? PAIRS[0],
    seed: Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32 ? seed : 1,
  };
}
