// The state of the page of networks, as the address has it.
import { NETWORKS, type NetworkName } from "./facts.ts";
import { BLOCK_CHANNELS, MOST_BLOCKS } from "./residual-shape.ts";

export const SHOWN = [...NETWORKS, "residual"] as const;
export type Shown = (typeof SHOWN)[number];

export const TITLES: Readonly<Record<Shown, string>> = {
  lenet5: "LeNet-5",
  alexnet: "AlexNet",
  cnn: "The lecture's CNN",
  hanzi: "A trained one",
  residual: "A residual block",
};

type State = Readonly<Record<string, string>>;

/** The picture of an address that names none. */
export const FALLBACK = "大";
export const nameIn = ({ image = FALLBACK }: State): string => image;

export const shownOf = ({ net }: State): Shown => SHOWN.find((name) => name === net) ?? "lenet5";

/** The layer that is looked into when an address names none. */
export const FIRST_LAYERS: Readonly<Record<NetworkName, string>> = {
  lenet5: "c1",
  alexnet: "c1",
  cnn: "conv1",
  hanzi: "relu1",
};

/** A whole number of the address. */
export const numberOf = (text: string | undefined, fallback: number, most: number, least = 0): number => {
  const value = Number(text ?? fallback);
  return Number.isInteger(value) ? Math.min(Math.max(value, least), most) : fallback;
};

export const seedOf = ({ seed }: State): number => numberOf(seed, 1, 1_000_000);

export const blocksOf = ({ blocks }: State): number => numberOf(blocks, 6, MOST_BLOCKS, 1);
export const hasShortcut = ({ shortcut }: State): boolean => shortcut !== "off";
/** The block that is looked into. */
export const blockOf = (state: State): number => numberOf(state.block, 1, blocksOf(state), 1);
export const channelIn = ({ channel }: State): number => numberOf(channel, 2, BLOCK_CHANNELS - 1);
