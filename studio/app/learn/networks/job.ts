// The networks of this page, made and asked in the worker: shapes and parameters, and what each layer puts out.
import { type Model, tensor } from "fovea";
import { application } from "fovea/applications";
import { activations, layerFacts } from "fovea/explain";
import type { Job } from "../engine/job.ts";
import { type PictureWish, picture } from "../engine/pictures.ts";
import { engineRuntime } from "../engine/runtime.ts";
import { shippedNetwork } from "../engine/shipped-network.ts";
import type { LayerMaps, NetworkFacts, NetworkName } from "./facts.ts";
import { SHAPES } from "./shapes.ts";

interface Asked {
  readonly network: NetworkName;
  /** Of the first weights, where nothing was learned. */
  readonly seed: number;
}

async function made({ network, seed }: Asked): Promise<Model> {
  if (network === "hanzi") return shippedNetwork();
  return application(network, SHAPES[network], { seed, runtime: engineRuntime() });
}

/** The layers of a network. */
export const network: Job<Asked, NetworkFacts> = async (asked) => {
  const model = await made(asked);
  try {
    return {
      input: model.inputShape,
      layers: layerFacts(model),
      params: model.countParams(),
    };
  } finally {
    await model.close();
  }
};

/** A picture, and what every layer puts out for it. */
export interface Activations {
  readonly network: NetworkName;
  readonly layers: readonly LayerMaps[];
}

export const activationsOf: Job<Asked & { readonly image: Pick<PictureWish, "name" | "stamp"> }, Activations> = async (
  asked,
) => {
  const model = await made(asked);
  try {
    const [height, width, channels] = model.inputShape as [number, number, number];
    const color = channels === 1 ? "grayscale" : "rgb";
    const { data } = await picture({ ...asked.image, color, size: [height, width] });
    const image = tensor(data, [1, height, width, channels], "uint8");
    const names = model.layers.map(({ name }) => name);
    const found = await activations(model, image, names);
    const layers = names.map((layer): LayerMaps => {
      const { shape, data: values } = found.get(layer)!;
      return { layer, shape: shape.slice(1), data: values };
    });
    return { network: asked.network, layers };
  } finally {
    await model.close();
  }
};
