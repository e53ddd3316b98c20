// The state of the page of features, as the address has it: a network, two channels, the noise, the step that is shown.

import { wholeIn } from "../../frame/whole.ts";
import type { State } from "../parts/among.ts";
import { SHIPPED_SIZE } from "../parts/shipped-size.ts";

/** Steps of the climb, of which every eighth is looked at. */
export const STEPS = 192;
export const LOOK_EVERY = 8;

/** A network whose channels are shown. */
export interface NetworkView {
  readonly name: string;
  readonly height: number;
  readonly width: number;
  /** Layers whose channels fire, from early to deep. */
  readonly layers: readonly { readonly path: string; readonly channels: number }[];
}

/** The shipped network, which is there before it is opened. */
export const SHIPPED: NetworkView = {
  name: "hanzi",
  height: SHIPPED_SIZE[0],
  width: SHIPPED_SIZE[1],
  layers: [
    { path: "relu1", channels: 16 },
    { path: "relu2", channels: 32 },
    { path: "relu3", channels: 64 },
    { path: "relu4", channels: 96 },
  ],
};

/** True where the address asks for a network of one's own. */
export const isMineIn = ({ model }: State): boolean => model === "mine";

export interface Chosen {
  readonly layer: string;
  readonly channel: number;
}

export const SIDES = ["early", "deep"] as const;
/** The two sides of the page, by their names in the address. */
export type Side = (typeof SIDES)[number];

/** Channels of the shipped network that are shown at first. */
const FIRST: Readonly<Record<Side, Chosen>> = {
  early: { layer: "relu1", channel: 7 },
  deep: { layer: "relu4", channel: 18 },
};

/** Reads `relu4.7`, whatever the network; undefined for what names no channel. */
export function namedIn(state: State, side: Side): Chosen | undefined {
  const [, layer, channel] = /^(.+)\.(\d+)$/.exec(state[side] ?? "") ?? [];
  return layer === undefined ? undefined : { layer, channel: Number(channel) };
}

/** The channel of a side. One that names no layer of the network has its first or its last. */
export function chosenIn(state: State, side: Side, { layers }: NetworkView): Chosen {
  const named = namedIn(state, side);
  const known = layers.find(({ path }) => path === named?.layer);
  if (named !== undefined && known !== undefined)
    return { layer: known.path, channel: Math.min(named.channel, known.channels - 1) };
  if (layers === SHIPPED.layers) return FIRST[side];
  return { layer: layers.at(side === "early" ? 0 : -1)!.path, channel: 0 };
}

export const chosenText = ({ layer, channel }: Chosen): string => `${layer}.${channel}`;

/** The step that is shown; undefined for the newest. */
export function stepIn({ step }: State): number | undefined {
  const number = wholeIn(step, STEPS, 0, STEPS);
  return number === STEPS ? undefined : number;
}
