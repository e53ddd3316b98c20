// A network as the page shows it: plain data about its layers, and what they put out for a picture.

export type { LayerFacts, NetworkFacts } from "../../../contract/network-facts.js";
export type { LayerMaps } from "../../network/maps.ts";

export const NETWORKS = ["lenet5", "alexnet", "cnn", "hanzi"] as const;
export type NetworkName = (typeof NETWORKS)[number];
