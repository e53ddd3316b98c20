// The state of the page of networks, as the address has it.

import { wholeIn } from "../../frame/whole.ts";
import { among, type State } from "../parts/among.ts";
import { NETWORKS, type NetworkName } from "./facts.ts";
import { BLOCK_CHANNELS, MOST_BLOCKS } from "./residual-shape.ts";

export const SHOWN = [...NETWORKS, "residual"] as const;
export type Shown = (typeof SHOWN)[number];

export const TITLES: Readonly<Record<Shown, string>> = {
  lenet5: "LeNet-5",
  alexnet: "AlexNet",
  cnn: "The lecture's CNN",
  hanzi: "A trained network",
  residual: "A residual block",
};

/** The picture of an address that names none. */
export const FALLBACK = "大";
export const nameIn = ({ image = FALLBACK }: State): string => image;

export const shownOf = ({ net }: State): Shown => among(SHOWN, net, "lenet5");

/** The layer that is looked into when an address names none. */
export const FIRST_LAYERS: Readonly<Record<NetworkName, string>> = {
  lenet5: "c1",
  alexnet: "c1",
  cnn: "conv1",
  hanzi: "relu1",
};

export const blocksOf = ({ blocks }: State): number => wholeIn(blocks, 6, 1, MOST_BLOCKS);
export const hasShortcut = ({ shortcut }: State): boolean => shortcut !== "off";
/** The block that is looked into. */
export const blockOf = (state: State): number => wholeIn(state.block, 1, 1, blocksOf(state));
export const channelIn = ({ channel }: State): number => wholeIn(channel, 2, 0, BLOCK_CHANNELS - 1);
