// A picture that grows from noise until a channel of the shipped network fires as hard as it can.
import { loadKeras, type Model } from "fovea";
import { type Picture, visualizeFeatures } from "fovea/explain";
import type { Job } from "../engine/job.ts";
import { engineRuntime } from "../engine/runtime.ts";
import { type Chosen, STEPS } from "./state.ts";

/** The picture after some steps, and how hard the channel fires for it on average. */
export interface Look {
  readonly step: number;
  readonly picture: Picture;
  readonly value: number;
}

export interface Grown {
  readonly picture: Picture;
  /** Mean activation for the noise that it started from, and at the end. */
  readonly before: number;
  readonly after: number;
  /** What no image exceeds, where that can be proven. */
  readonly ceiling?: number;
}

let opened: Promise<Model> | undefined;

async function shippedNetwork(): Promise<Model> {
  const { readBaseWeights } = await import("fovea/experiment");
  const { bytes } = await readBaseWeights("hanzi");
  return (await loadKeras(bytes, { compile: false, runtime: engineRuntime() })).model;
}

/** Lets waiting messages in, among them that nobody waits any more. */
const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

export const feature: Job<Chosen & { readonly seed: number }, Grown, Look> = async (asked, tell, signal) => {
  opened ??= shippedNetwork();
  const { layer, channel, seed } = asked;
  const { pictures, before, after, ceilings } = await visualizeFeatures(await opened, {
    ...{ layer, targets: [channel], steps: STEPS, seed },
    onLook: async ({ step, pictures: now, values }) => {
      tell({ step, picture: now[0]!, value: values[0]! });
      await turn();
      signal.throwIfAborted();
    },
  });
  return {
    ...{ picture: pictures[0]!, before: before[0]!, after: after[0]! },
    ...(ceilings && { ceiling: ceilings[0]! }),
  };
};
