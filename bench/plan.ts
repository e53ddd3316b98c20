// The plan of measurements: sections of a report, each a list of runners with their specs. runners.ts runs them.
import type { RunnerId } from "./runners.js";
import type { Spec } from "./spec.js";

export interface Measurement {
  readonly runner: RunnerId;
  readonly spec: Spec;
}

export interface Section {
  readonly id: string;
  readonly title: string;
  /** The facts that a reader needs to read the numbers. */
  readonly text: string;
  /** The size in which the section's measurements grow; they are then drawn, a line for each runner and setting. */
  readonly along?: "batch" | "side";
  readonly measurements: readonly Measurement[];
}

/** Settings of all measurements. */
export interface Effort {
  readonly warmUp: number;
  readonly steps: number;
  readonly seconds: number;
  /** Only to see whether everything runs: the least of everything. */
  readonly quick: boolean;
}

const CNN = { model: "cnn", image: [80, 60, 1], classes: 55, batch: 128 } as const;
const MOBILENET_V2 = { model: "mobilenet_v2", image: [224, 224, 3], classes: 1000 } as const;
const LENET5 = { model: "lenet5", image: [28, 28, 1], classes: 10, batch: 128 } as const;
const ALEXNET = { model: "alexnet", image: [227, 227, 3], classes: 1000, batch: 16 } as const;
const RESNET20 = { model: "resnet20", image: [32, 32, 3], classes: 10, batch: 128 } as const;
const UNET = { model: "unet", image: [96, 96, 3], classes: 2, batch: 16 } as const;
const TUNED = { tuned: true } as const;
const FAST = { mode: "fast" } as const;
const ONE = { threads: 1 } as const;

type Workload = Pick<Spec, "task" | "model" | "image" | "classes" | "batch"> & Partial<Spec>;
type Row = readonly [RunnerId, ...Partial<Spec>[]];

const TORCHES: readonly Row[] = [["torch", TUNED], ["torch"], ["otherTorch", TUNED], ["otherTorch"]];
const NETWORKS: readonly Row[] = [
  ...([["ours"], ["ours", ONE], ["ours", FAST]] as const),
  ...([["kerasTensorflow"], ["torch", TUNED], ["torch"]] as const),
];
const FORMATS: readonly Row[] = [["ortNode"], ["ortWeb"], ["tfjs"]];

export function plan({ warmUp, steps, seconds, quick }: Effort): Section[] {
  const effort = { warmUp, steps, seconds };
  /** Every row does the same work, unless it says otherwise. */
  const rows = (work: Workload, ...list: readonly Row[]): Measurement[] =>
    list.map(([runner, ...settings]) => ({
      runner,
      spec: Object.assign({ threads: 2, mode: "reproducible", tuned: false, ...effort, ...work }, ...settings) as Spec,
    }));
  const batches = quick ? [1, 8] : [1, 8, 32, 128, 512];
  const sides = quick ? [28, 56] : [28, 56, 112, 224];
  // Growth has many points, and its steps are of every size.
  const growing = { seconds: Math.min(seconds, 3) };
  const growth = (task: Spec["task"], along: "batch" | "side"): Measurement[] =>
    (along === "batch" ? batches : sides).flatMap((at) =>
      rows(
        { task, ...CNN, ...growing, ...(along === "batch" ? { batch: at } : { image: [at, at, 1] }) },
        ["ours"],
        ["ours", ONE],
        ["torch", TUNED],
      ),
    );
  const slow = quick ? {} : { warmUp: 1, steps: 2 };
  const long = { seconds: quick ? seconds : 2 * seconds };
  return [
    {
      id: "train-cnn",
      title: "Training step of the lecture's CNN",
      text:
        "80 x 60 grey images, 55 classes, batch 128, Adam. Keras's time is that of a batch within `fit`. Fovea and " +
        "Keras count accuracy and top-5 accuracy in the step, PyTorch and jax-js do not. jax-js at batch 32, for want " +
        "of patience.",
      measurements: rows(
        { task: "train", ...CNN },
        ["ours"],
        ["ours", ONE],
        ["ours", FAST],
        ["ours", FAST, ONE],
        ...TORCHES,
        ["kerasTorch"],
        ["kerasTensorflow"],
        ["jaxJs", { batch: quick ? 2 : 32, ...slow }],
      ),
    },
    {
      id: "epoch-cnn",
      title: "An epoch of the lecture's job",
      text:
        "`fit` over 25,764 made-up images in memory with the validation of 6,442 at its end, after a warm-up of two " +
        "batches. Peak memory is that of the real job without decoding.",
      measurements: rows(
        { task: "epoch", ...CNN, samples: quick ? [300, 200] : [25_764, 6442], warmUp: 1, steps: 1 },
        ["ours"],
        ["ours", FAST],
        ["kerasTorch"],
        ["kerasTensorflow"],
      ),
    },
    {
      id: "infer-cnn",
      title: "Inference of the lecture's CNN",
      text: "Batch 128. onnxruntime gets the network as an ONNX file with exactly this shape.",
      measurements: rows(
        { task: "infer", ...CNN },
        ["ours"],
        ["ours", ONE],
        ["ours", FAST],
        ["ours", FAST, ONE],
        ...FORMATS,
        ["torch", TUNED],
        ["torch"],
      ),
    },
    ...[1, quick ? 2 : 32].map((batch) => ({
      id: `infer-mobilenet-v2-batch-${batch}`,
      title: `Inference of MobileNetV2, batch ${batch}`,
      text: "224 x 224 colour images, alpha 1, 1000 classes, batch norm folded into weights for everybody.",
      measurements: rows(
        { task: "infer", ...MOBILENET_V2, batch },
        ["ours"],
        ["ours", FAST],
        ...FORMATS,
        ["torch", TUNED],
        ["torch"],
      ),
    })),
    {
      id: "train-resnet20",
      title: "Training step of ResNet-20",
      text: "32 x 32 colour images, 10 classes, batch 128, Adam, batch normalization in training.",
      measurements: rows({ task: "train", ...RESNET20, batch: quick ? 2 : 128 }, ...NETWORKS),
    },
    {
      id: "train-unet",
      title: "Training step of a U-Net",
      text: "96 x 96 colour images, a class of two for each pixel, batch 16, Adam: `--model unet`, its layers in Keras and PyTorch.",
      measurements: rows({ task: "train", ...UNET, batch: quick ? 2 : 16 }, ...NETWORKS),
    },
    {
      id: "head-mobilenet-v2",
      title: "Head training on MobileNetV2",
      text:
        "A step that computes the features of 32 images of 224 x 224 pixels without gradients and trains a new layer of ten classes on " +
        "them. `fovea transfer` computes features once and trains the head on these, which is far less.",
      measurements: rows(
        { task: "head", ...MOBILENET_V2, classes: 10, batch: quick ? 1 : 32, ...long },
        ["ours"],
        ["ours", FAST],
        ["torch", TUNED],
        ["torch"],
      ),
    },
    {
      id: "tune-mobilenet-v2",
      title: "Fine-tuning step of MobileNetV2",
      text:
        "All layers trained with Adam, batch norm in inference mode with its scale and shift trained. Nine tenths of it " +
        "are products, which run at what 128-bit vectors without multiply-add can do; tuned PyTorch has vectors four " +
        "times as wide. Wider vectors in WebAssembly would mend that, nothing short of them.",
      measurements: rows(
        { task: "train", ...MOBILENET_V2, batch: quick ? 1 : 32, ...long },
        ["ours"],
        ["ours", FAST],
        ["torch", TUNED],
        ["torch"],
      ),
    },
    {
      id: "train-lenet5",
      title: "Training step of LeNet-5",
      text:
        "28 x 28 grey images, 10 classes, batch 128, Adam. With 1, 6 and 16 channels vectors are rarely full: most of " +
        "Fovea's step is the first convolution, whose five products a row do not pay for their loop. A kernel that walks " +
        "several filter rows at once would mend it.",
      measurements: rows({ task: "train", ...LENET5 }, ["ours"], ["ours", FAST], ["torch", TUNED], ["torch"]),
    },
    {
      id: "train-alexnet",
      title: "Training step of AlexNet",
      text:
        "227 x 227 colour images, 1000 classes, 62 million weights, Adam. Fovea's convolutions of 5 x 5 and 3 x 3 filters and " +
        "their gradients go by Winograd's algorithm, at what 128-bit vectors without multiply-add can do; PyTorch's are four " +
        "times as wide and multiply and add at once.",
      measurements: rows(
        { task: "train", ...ALEXNET, batch: quick ? 1 : 16 },
        ["ours"],
        ["ours", FAST],
        ["torch", TUNED],
        ["torch"],
      ),
    },
    {
      id: "train-by-batch",
      title: "Training by batch size",
      text: "The lecture's CNN, images a second.",
      along: "batch",
      measurements: growth("train", "batch"),
    },
    {
      id: "infer-by-batch",
      title: "Inference by batch size",
      text: "The lecture's CNN, images a second.",
      along: "batch",
      measurements: growth("infer", "batch"),
    },
    {
      id: "train-by-side",
      title: "Training by image side",
      text: "The lecture's CNN on square grey images, batch 128, images a second.",
      along: "side",
      measurements: growth("train", "side"),
    },
    {
      id: "infer-by-side",
      title: "Inference by image side",
      text: "The lecture's CNN on square grey images, batch 128, images a second.",
      along: "side",
      measurements: growth("infer", "side"),
    },
    {
      id: "help",
      title: "The start of the program",
      text: "`fovea --help`, from the start of its process to the end.",
      measurements: rows({ task: "help", ...CNN, batch: 1 }, ["ours"]),
    },
  ];
}
