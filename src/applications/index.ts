// The known architectures, by the names that `--model` takes.
import { oneOf } from "../core/errors.js";
import { alexnet } from "./alexnet.js";
import type { Application } from "./application.js";
import { centernet } from "./centernet.js";
import { cnn } from "./cnn.js";
import { cnnNormalized } from "./cnn-normalized.js";
import { lenet5, lenet5Rbf } from "./lenet5.js";
import { logistic } from "./logistic.js";
import { resnet18, resnet20 } from "./residual.js";
import { ttfnet } from "./ttfnet.js";
import { unet } from "./unet.js";
import { vgg11 } from "./vgg.js";

export {
  type Application,
  type ApplicationOptions,
  type ClassifierFacts,
  defaultCompileOptions,
} from "./application.js";

/** The architectures that Fovea has recipes for, by name. */
export const APPLICATIONS = {
  logistic,
  cnn,
  "cnn-normalized": cnnNormalized,
  lenet5,
  "lenet5-rbf": lenet5Rbf,
  alexnet,
  vgg11,
  resnet18,
  resnet20,
  unet,
  centernet,
  ttfnet,
} as const satisfies Record<string, Application>;
/** A name among `APPLICATION_NAMES`. */
export type ApplicationName = keyof typeof APPLICATIONS;
/** The names that `application` takes. */
export const APPLICATION_NAMES = Object.keys(APPLICATIONS) as readonly ApplicationName[];

/**
 * The architecture of that name.
 * @param name One of `APPLICATION_NAMES`.
 * @throws FoveaError listing the names there are.
 * @example const { title, shape } = applicationOf("cnn");
 */
export const applicationOf = (name: string): Application => APPLICATIONS[oneOf("model", name, APPLICATION_NAMES)];
