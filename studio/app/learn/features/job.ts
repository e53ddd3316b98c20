// A picture that grows from noise until a channel fires as hard as it can: of the shipped network, or of one's own.
import { FoveaError, loadModel, type Model } from "fovea";
import { firingLayers, type Picture, visualizeFeatures } from "fovea/explain";
import type { Job } from "../engine/job.ts";
import { keptFile } from "../engine/kept-file.ts";
import { engineRuntime } from "../engine/runtime.ts";
import { shippedNetwork } from "../engine/shipped-network.ts";
import { type Chosen, type NetworkView, STEPS } from "./state.ts";

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
  /** A value that no image exceeds, where one can be proven. */
  readonly ceiling?: number;
}

const mine = keptFile("my-network");
const networks: { shipped?: Promise<Model>; own?: Promise<Model> } = {};

const opened = async (bytes: Uint8Array): Promise<Model> =>
  (await loadModel(bytes, { runtime: engineRuntime() })).model;

async function openMine(): Promise<Model> {
  const bytes = await mine.read();
  if (bytes === undefined) throw new FoveaError("not-ready", "there is no network yet; choose the file of your own");
  return opened(bytes);
}

function network(isMine: boolean): Promise<Model> {
  const name = isMine ? "own" : "shipped";
  networks[name] ??= (isMine ? openMine() : shippedNetwork()).catch((error) => {
    // Another try may go well.
    delete networks[name];
    throw error;
  });
  return networks[name];
}

/** @throws FoveaError for a network that has no maps, or takes no pictures. */
function viewOf(model: Model): NetworkView {
  const paths = firingLayers(model);
  const [height = 0, width = 0, channels = 0] = model.inputShape;
  if (paths.length === 0 || (channels !== 1 && channels !== 3))
    throw new FoveaError(
      "unsuited-model",
      `${model.label}: expected a network of grey or RGB pictures with convolutions, it takes [${model.inputShape}]`,
    );
  const layers = paths.map((path) => ({ path, channels: model.getLayer(path).outputShape[2]! }));
  return { name: model.name, height, width, layers };
}

/** Takes a file as one's own network. */
export const keepNetwork: Job<{ readonly bytes: Uint8Array }, NetworkView> = async ({ bytes }) => {
  const model = await opened(bytes);
  const view = viewOf(model);
  networks.own = Promise.resolve(model);
  await mine.write(bytes);
  return view;
};

/** The layers of one's own network. */
export const ownNetwork: Job<{ readonly stamp: number }, NetworkView> = async () => viewOf(await network(true));

/** Lets waiting messages in, among them the one that stops this job. */
const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

interface Asked extends Chosen {
  readonly seed: number;
  readonly isMine: boolean;
}

export const feature: Job<Asked, Grown, Look> = async ({ layer, channel, seed, isMine }, tell, signal) => {
  const { pictures, before, after, ceilings } = await visualizeFeatures(await network(isMine), {
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
