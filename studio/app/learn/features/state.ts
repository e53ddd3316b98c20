// The state of the page of features, as the address has it: two channels, the noise, the step that is shown.
import type { State } from "../parts/among.ts";
import { wholeIn } from "../parts/whole.ts";

/** Layers of the shipped network whose channels fire, from early to deep, and how many channels each has. */
export const LAYERS = { relu1: 16, relu2: 32, relu3: 64, relu4: 96 } as const;
export type LayerName = keyof typeof LAYERS;
export const LAYER_NAMES = Object.keys(LAYERS) as readonly LayerName[];
export const LAYER_TITLES: Readonly<Record<LayerName, string>> = {
  relu1: "1st block",
  relu2: "2nd block",
  relu3: "3rd block",
  relu4: "4th block",
};

/** Steps of the climb, of which every eighth is looked at. */
export const STEPS = 192;
export const LOOK_EVERY = 8;

export interface Chosen {
  readonly layer: LayerName;
  readonly channel: number;
}

/** The two sides of the page, by their names in the address, and what they show at first. */
export const SIDES = { early: { layer: "relu1", channel: 7 }, deep: { layer: "relu4", channel: 18 } } as const;
export type Side = keyof typeof SIDES;

/** Reads `relu4.7`. */
export function chosenIn(state: State, side: Side): Chosen {
  const [layer, channel] = (state[side] ?? "").split(".");
  const known = LAYER_NAMES.find((name) => name === layer);
  if (known === undefined) return SIDES[side];
  return { layer: known, channel: wholeIn(channel, 0, 0, LAYERS[known] - 1) };
}

export const chosenText = ({ layer, channel }: Chosen): string => `${layer}.${channel}`;

/** The step that is shown; undefined for the newest. */
export function stepIn({ step }: State): number | undefined {
  const number = wholeIn(step, STEPS, 0, STEPS);
  return number === STEPS ? undefined : number;
}
