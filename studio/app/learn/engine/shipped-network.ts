// The network for handwriting that is in the package; its reader is loaded when a page first asks.
import { loadKeras, type Model } from "fovea";
import { engineRuntime } from "./runtime.ts";

export async function shippedNetwork(): Promise<Model> {
  const { readBaseWeights } = await import("fovea/experiment");
  const { bytes } = await readBaseWeights("hanzi");
  return (await loadKeras(bytes, { compile: false, runtime: engineRuntime() })).model;
}
