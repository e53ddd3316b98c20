// `fovea summary`: the boxed table of a model, of a file, a run or a known architecture. Prints; changes nothing.
import type { Command } from "commander";
import { modelFacts, parameterCounts } from "../../experiment/model-facts.js";
import { openModel } from "../../experiment/trained-model.js";
import { APPLICATION_NAMES, APPLICATIONS, application, FoveaError, type Model } from "../../index.js";
import { exists } from "../../platform/files.js";
import {
  addCommonOptions,
  type CommonOptions,
  colorOption,
  type ImageSize,
  imageSizeOption,
  wholeNumber,
} from "../options.js";
import { Output } from "../terminal/output.js";

interface Options extends CommonOptions {
  readonly imageSize: ImageSize;
  readonly color: "grayscale" | "rgb";
  readonly classes: number;
}

export function define(command: Command): void {
  command
    .description(
      "Prints the layers of a model with their output shapes and parameters, as model.summary() does. " +
        `MODEL is a .keras file, a run's folder, or one of ${APPLICATION_NAMES.join(", ")} with its shape.`,
    )
    .argument("<model>", "a file, a run or a name")
    .optionsGroup("Shape of a model given by its name:")
    .addOption(imageSizeOption())
    .addOption(colorOption())
    .option("--classes <N>", "classes to tell apart", wholeNumber(1), 55);
  addCommonOptions(command)
    .addHelpText(
      "after",
      `
Models by name:
${APPLICATION_NAMES.map((name) => `  ${name.padEnd(10)} ${APPLICATIONS[name].title}`).join("\n")}

Examples:
  fovea summary cnn --image-size 80x60 --classes 55
  fovea summary runs/photos-cnn-1
  fovea summary model.keras --json`,
    )
    .action(run);
}

async function run(which: string, options: Options): Promise<void> {
  const model = await modelOf(which, options);
  const { total, trainable } = parameterCounts(model);
  const { name, layers } = modelFacts(model);
  new Output(options).answer(
    {
      name,
      layers: layers.map(({ outputShape, ...layer }) => ({ ...layer, output_shape: outputShape })),
      total_params: total,
      trainable_params: trainable,
      non_trainable_params: total - trainable,
    },
    model.summary(),
  );
}

async function modelOf(which: string, { imageSize, color, classes }: Options): Promise<Model> {
  if (APPLICATION_NAMES.some((name) => name === which))
    return application(which, { imageSize, channels: color === "rgb" ? 3 : 1, classes });
  if (await exists(which)) return (await openModel(which, { compile: false })).model;
  throw new FoveaError(
    `there is no model ${which}; expected a .keras file, the folder of a run, or one of ${APPLICATION_NAMES.join(", ")}`,
  );
}
