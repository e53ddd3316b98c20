// A model on the command line: a file, the folder of a run, or a known architecture with its shape. Both kinds of known
// architectures go by name: those that `--model` trains, and keras.applications.

import { type Command, Option } from "commander";
import { IMAGENET_APPLICATIONS, IMAGENET_NAMES, imageNetApplication } from "../applications/imagenet/index.js";
import { APPLICATION_NAMES, APPLICATIONS, applicationOf, defaultCompileOptions } from "../applications/index.js";
import { defined } from "../core/defined.js";
import { FoveaError } from "../core/errors.js";
import { defaultPlace } from "../default-backend.js";
import { openModelFile } from "../experiment/models/index.js";
import { application } from "../known-models.js";
import type { Model } from "../nn/model/model.js";
import { exists } from "../platform/files.js";
import { choice, type ImageSize, imageSize, wholeNumber } from "./options.js";

/** The shape of a model that is given by its name; what is left out is the architecture's own. */
export interface ModelShape {
  readonly imageSize?: ImageSize;
  readonly color?: "grayscale" | "rgb";
  readonly classes?: number;
}

const NAMES: readonly string[] = [...APPLICATION_NAMES, ...IMAGENET_NAMES];

/** Description of MODEL. */
export const MODEL_ARGUMENT = `MODEL is a model file, a run's folder, or one of ${NAMES.join(", ")} with its shape.`;

/** The list of names for help texts, a line each. */
export function describeNames(): string {
  const known = [...Object.values(APPLICATIONS), ...Object.values(IMAGENET_APPLICATIONS)];
  return `Models by name:\n${known.map(({ name, title }) => `  ${name.padEnd(16)} ${title}`).join("\n")}`;
}

/** Adds the options that give a model its shape when MODEL is a name. */
export function addShapeOptions(command: Command): void {
  command
    .optionsGroup("Shape of a model given by its name:")
    .addOption(
      new Option(
        "--image-size <HxW>",
        "height x width of its images in pixels, also for a file without them (default: the size it was published " +
          "for, 80x60 for cnn and logistic)",
      ).argParser(imageSize),
    )
    .addOption(
      choice("--color <mode>", "colours of its images (default: those it was published for)", ["grayscale", "rgb"]),
    )
    .option(
      "--classes <N>",
      "number of classes (default: that of its publication, 55 for cnn and logistic)",
      wholeNumber(1),
    );
}

/**
 * The model that `which` names; known architectures have the shape of the options and are compiled as classifiers.
 * @throws FoveaError when there is no such model.
 */
export async function modelOf(
  which: string,
  shape: ModelShape,
  { compile }: { readonly compile: boolean },
): Promise<Model> {
  const known = knownModel(which, shape);
  if (known !== undefined) return known;
  if (await exists(which))
    return (await openModelFile(which, { compile, ...defined({ imageSize: shape.imageSize }) })).loaded.model;
  throw new FoveaError(
    "unknown-model",
    `there is no model ${which}; expected a model file, the folder of a run, or one of ${NAMES.join(", ")}`,
  );
}

function knownModel(which: string, { imageSize: size, color, classes: count }: ModelShape): Model | undefined {
  const wanted = defined({ imageSize: size, classes: count, channels: color && (color === "rgb" ? 3 : 1) });
  if (IMAGENET_NAMES.some((name) => name === which)) {
    const known = imageNetApplication(which);
    const { imageSize: [height, width] = [known.size, known.size], channels = 3, classes = 1000 } = wanted;
    const model = known.build({ inputShape: [height, width, channels], classes, ...defaultPlace });
    model.compile(defaultCompileOptions({ fromLogits: false }));
    return model;
  }
  const name = APPLICATION_NAMES.find((allowed) => allowed === which);
  if (name === undefined) return undefined;
  const known = applicationOf(name);
  const model = application(name, { ...known.shape, ...wanted });
  model.compile(defaultCompileOptions(known));
  return model;
}
