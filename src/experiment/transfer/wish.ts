// The wish for a transfer, made before any image was looked at; recipe.ts and map-recipe.ts make recipes of it.
import type { RescaleName } from "../../formats/models/pixels.js";
import type { Recipe, TransferRecipe } from "../../formats/run/recipe.js";
import type { SplitWish } from "../data/experiment-data.js";
import type { ClassWeightWish } from "../data/weights.js";
import type { EngineFacts } from "../pretrained/onnxruntime.js";
import type { AugmentationName } from "../recipe/augmentation.js";
import type { HeadSolverName, Plan } from "../recipe/recipe.js";
import type { TaskWish } from "../tasks/index.js";

/** Wish for a transfer. */
export interface TransferWish {
  /** One of BASE_NAMES, or MODEL_BASE for the user's model file. */
  readonly base: string;
  /** A file with the base's weights, or the model file itself; the shipped base needs none. */
  readonly weights?: string;
  /** Shares of validation and test images, and the seed that draws them. */
  readonly split: SplitWish;
  /** Seed of weights, order and augmentation. */
  readonly seed: number;
  /** `"reproducible"` for the same bits anywhere, `"fast"` for relaxed SIMD. */
  readonly mode: Recipe["mode"];
  /** Epochs and patience are by default as many as `headTraining` says; for masks and boxes 40, without an early end. */
  readonly training: Omit<Plan["training"], "epochs" | "patience"> &
    Partial<Pick<Plan["training"], "epochs" | "patience">>;
  /** Choices about the task: its loss, say. */
  readonly wish?: TaskWish;
  /** Columns of a manifest by their roles, where they are not called so. */
  readonly columns?: Recipe["columns"];
  /** Weights of images in the loss, by class or image by image. Default: all the same. */
  readonly classWeight?: ClassWeightWish;
  /** Weights image by image: a CSV table with columns `file` and `weight`, and its hash. Default: all the same. */
  readonly sampleWeight?: Recipe["training"]["sampleWeight"];
  /**
   * Method of learning for the head: `logistic` solves a penalised logistic regression whose penalty cross-validation of the training
   * images chooses, `adam` learns from batches until validation is no longer better. Default: `logistic` for classes of few images,
   * unless epochs, patience or rate are given.
   */
  readonly solver?: HeadSolverName;
  /** Adam's rate for the head. Default 1e-3; on maps the highest of a cosine, 2e-3 for masks and 4e-3 for boxes. */
  readonly learningRate?: number;
  /** Layers that vary images; they also work in fine-tuning. Default: the base's own. */
  readonly augmentation?: AugmentationName;
  /** Varied copies of each training image for the head; none for masks and boxes. Default: the base's own. */
  readonly variants?: number;
  /** Engine that computes the features; default: Fovea, which always does fine-tuning. */
  readonly engine?: EngineFacts;
  /** Scale of pixels for the base; default: the published one. */
  readonly rescale?: RescaleName;
  /** Path of the base's layer whose output the head takes, as `getLayer` takes it. Default: the
   * embedding before a model file's head, with `keepClasses` the layer before the one that decides. */
  readonly cut?: string;
  /** Begins with the weights that the base's file has for classes of the same names. Default false. */
  readonly keepClasses?: boolean;
  /** Training of the base's last layers with the head: number of layers, rate and epochs. Default: none. */
  readonly fineTune?: TransferRecipe["fineTune"];
}
