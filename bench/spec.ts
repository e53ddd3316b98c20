// The description of a measurement, and its answer. Both travel as JSON, the description on a child's command line and
// the answer on its standard output, so that peers in TypeScript, JavaScript and Python understand the same words.
import type { Mode } from "../src/backends/contract.js";

export interface Spec {
  /**
   * A training step, one of a new head on features that do not learn, the prediction of a batch, an epoch of `fit` with validation, or
   * the start of the program.
   */
  readonly task: "train" | "head" | "infer" | "epoch" | "help";
  readonly model: "cnn" | "lenet5" | "alexnet" | "resnet20" | "unet" | "mobilenet_v2";
  readonly batch: number;
  readonly image: readonly [height: number, width: number, channels: number];
  readonly classes: number;
  /** A peer "as installed" and not tuned takes as many as it likes. */
  readonly threads: number;
  /** Ours alone. */
  readonly mode: Mode;
  /** PyTorch alone: the settings of runners.ts, channels_last and foreach Adam. */
  readonly tuned: boolean;
  /** Runs before the timed ones, the first of which compiles. */
  readonly warmUp: number;
  /** Timed runs, fewer when `seconds` are over, but at least three. */
  readonly steps: number;
  readonly seconds: number;
  /** An epoch's images for training and for validation. */
  readonly samples?: readonly [train: number, validation: number];
  /** The model as an ONNX file, for those who need one. */
  readonly onnx?: string;
}

/** The answer of a child. Times in milliseconds. */
export interface Answer {
  /** From the start of the process until the first result, imports and compiling included. */
  readonly ready: number;
  readonly times: readonly number[];
  readonly peakRssMb: number;
  /** From model to machine code, where the runner can tell. */
  readonly compileMs?: number;
}

/** Of each run's images. */
export const imagesOf = ({ task, batch, samples }: Spec): number => (task === "epoch" ? samples![0] : batch);
