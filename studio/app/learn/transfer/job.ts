// A transfer by the library: the shipped network with a new head, some of it frozen, some steps of training; and which
// weights these have changed.
import { layerOutputs, type Model, model, type Tensor, tensor } from "fovea";
import { convertColor, hanziImage, resizeImage } from "fovea/data";
import { dense, input, type Layer } from "fovea/layers";
import { sparseCategoricalCrossentropy } from "fovea/losses";
import { adam } from "fovea/optimizers";
import type { Job } from "../engine/job.ts";
import { engineRuntime } from "../engine/runtime.ts";
import { shippedNetwork } from "../engine/shipped-network.ts";
import { SHIPPED_SIZE } from "../parts/shipped-size.ts";
import { byGroup, GROUP_FACTS, GROUPS, type GroupName } from "./groups.ts";
import { JUDGED_ON, TRAINED_ON, type TransferWish } from "./state.ts";

const [HEIGHT, WIDTH] = SHIPPED_SIZE;

/** One weight of a layer, and how far the steps have moved it. */
export interface WeightFacts {
  /** `conv4/kernel`. */
  readonly name: string;
  readonly shape: readonly number[];
  /** True where an optimizer may change it; false for moving averages as well as for what is frozen. */
  readonly isTrained: boolean;
  /** Length of the change divided by the length of the weight before; 0 where it began at 0 and has no length. */
  readonly change: number;
  /** Number of its values that are no longer the same, to the bit. */
  readonly changed: number;
}

export interface Judged {
  readonly loss: number;
  readonly accuracy: number;
}

export interface Transferred {
  readonly wish: TransferWish;
  readonly groups: Readonly<Record<GroupName, readonly WeightFacts[]>>;
  readonly params: { readonly total: number; readonly trainable: number };
  /** On images that are not trained on, before and after. */
  readonly before: Judged;
  readonly after: Judged;
  /** The images that it is trained on, one after the other, 80 x 60 bytes each. */
  readonly images: Uint8Array;
}

interface Labelled {
  readonly x: Tensor<"uint8">;
  readonly y: Tensor<"int32">;
}

/** Written images of two characters in turns. */
function written(part: "Train" | "Test", pair: string, each: number): Labelled {
  const characters = [...pair];
  const count = each * characters.length;
  const data = new Uint8Array(count * HEIGHT * WIDTH);
  for (let i = 0; i < count; i++) {
    const image = hanziImage(part, characters[i % 2]!, 1 + Math.floor(i / 2));
    const grey = convertColor({ ...image, data: image.pixels }, "grayscale");
    data.set(resizeImage(grey, HEIGHT, WIDTH, "lanczos").data, i * HEIGHT * WIDTH);
  }
  const labels = Int32Array.from({ length: count }, (_, i) => i % 2);
  return { x: tensor(data, [count, HEIGHT, WIDTH, 1], "uint8"), y: tensor(labels, [count], "int32") };
}

interface Network {
  readonly whole: Model;
  readonly layers: Readonly<Record<GroupName, readonly Layer[]>>;
}

/** The shipped network up to its features, in inference, and a new head. */
async function network({ trained, rate, seed }: TransferWish): Promise<Network> {
  const base = layerOutputs(await shippedNetwork(), "features");
  const head = dense(2, { name: "head" });
  const image = input([HEIGHT, WIDTH, 1]);
  const outputs = head.apply(base.apply(image, { training: false }));
  const whole = model({ inputs: image, outputs, seed, runtime: engineRuntime() });
  const layers = byGroup((group): readonly Layer[] =>
    group === "head" ? [head] : GROUP_FACTS[group].layers.map((name) => base.getLayer(name)),
  );
  for (const layer of base.layers) layer.trainable = false;
  for (const group of GROUPS) for (const layer of layers[group]) layer.trainable = trained.includes(group);
  whole.compile({
    optimizer: adam({ learningRate: rate }),
    loss: sparseCategoricalCrossentropy({ fromLogits: true }),
    metrics: ["accuracy"],
  });
  return { whole, layers };
}

const judged = (logs: Record<string, number>): Judged => ({ loss: logs.loss!, accuracy: logs.accuracy! });

const sizeOf = (weights: readonly { readonly size: number }[]): number =>
  weights.reduce((sum, { size }) => sum + size, 0);

export const transfer: Job<TransferWish, Transferred> = async (wish) => {
  const train = written("Train", wish.pair, TRAINED_ON);
  const test = written("Test", wish.pair, JUDGED_ON);
  const { whole, layers } = await network(wish);
  try {
    const all = GROUPS.flatMap((group) => layers[group].map((layer) => ({ group, layer })));
    const first = await Promise.all(all.map(({ layer }) => layer.getWeights()));
    const before = judged(await whole.evaluate(test));
    if (wish.trained.length > 0) for (let step = 0; step < wish.steps; step++) await whole.trainOnBatch(train);
    const after = judged(await whole.evaluate(test));
    const last = await Promise.all(all.map(({ layer }) => layer.getWeights()));
    const groups = byGroup((): WeightFacts[] => []);
    all.forEach(({ group, layer }, at) => {
      layer.weights.forEach(({ name, shape }, i) => {
        const isTrained = layer.trainableWeights.some((weight) => weight === layer.weights[i]);
        const moved = movement(first[at]![i]!.data, last[at]![i]!.data);
        groups[group].push({ name: `${layer.name}/${name}`, shape, isTrained, ...moved });
      });
    });
    const params = { total: sizeOf(whole.weights), trainable: sizeOf(whole.trainableWeights) };
    return { wish, groups, params, before, after, images: train.x.data as Uint8Array };
  } finally {
    await whole.close();
  }
};

function movement(before: ArrayLike<number>, after: ArrayLike<number>): Pick<WeightFacts, "change" | "changed"> {
  let [moved, length, changed] = [0, 0, 0];
  for (let i = 0; i < before.length; i++) {
    moved += (after[i]! - before[i]!) ** 2;
    length += before[i]! ** 2;
    if (!Object.is(after[i], before[i])) changed++;
  }
  return { change: length === 0 ? 0 : Math.sqrt(moved / length), changed };
}
