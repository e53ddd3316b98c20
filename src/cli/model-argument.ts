// A model on the command line: a file, the folder of a run, or a known architecture with its shape. Both kinds of known
// architectures go by name: those that `--model` trains, and keras.applications.
import { type Command, Option } from "commander";
import { IMAGENET_APPLICATIONS, IMAGENET_NAMES, imageNetApplication } from "../applications/imagenet/index.js";
import { openModelFile } from "../experiment/trained-model.js";
import {
  APPLICATION_NAMES,
  APPLICATIONS,
  application,
  applicationOf,
  defaultBackend,
  defaultCompileOptions,
  FoveaError,
  type Model,
} from "../index.js";
import { exists } from "../platform/files.js";
import { choice, type ImageSize, imageSize, wholeNumber } from "./options.js";

/** The shape of a model that is given by its name; what is left out is the architecture's own. */
export interface ModelShape {
  readonly imageSize?: ImageSize;
  readonly color?: "grayscale" | "rgb";
  readonly classes?: number;
}

const NAMES: readonly string[] = [...APPLICATION_NAMES, ...IMAGENET_NAMES];

/** What MODEL may be, for descriptions. */
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
        "height x width of its images in pixels (default: as published for those of ImageNet, else 80x60)",
      ).argParser(imageSize),
    )
    .addOption(
      choice("--color <mode>", "what it sees of colours (default: rgb for those of ImageNet, else grayscale)", [
        "grayscale",
        "rgb",
      ]),
    )
    .option("--classes <N>", "classes to tell apart (default: 1000 for those of ImageNet, else 55)", wholeNumber(1));
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
  if (await exists(which)) return (await openModelFile(which, { compile })).loaded.model;
  throw new FoveaError(
    `there is no model ${which}; expected a model file, the folder of a run, or one of ${NAMES.join(", ")}`,
  );
}

function knownModel(which: string, { imageSize: size, color, classes }: ModelShape): Model | undefined {
  const isImageNet = IMAGENET_NAMES.some((name) => name === which);
  const channels = (color ?? (isImageNet ? "rgb" : "grayscale")) === "rgb" ? 3 : 1;
  if (isImageNet) {
    const known = imageNetApplication(which);
    const [height, width] = size ?? [known.size, known.size];
    const model = known.build({
      inputShape: [height, width, channels],
      classes: classes ?? 1000,
      backend: defaultBackend,
    });
    model.compile(defaultCompileOptions({ fromLogits: false }));
    return model;
  }
  if (!APPLICATION_NAMES.some((name) => name === which)) return undefined;
  const model = application(which, { imageSize: size ?? [80, 60], channels, classes: classes ?? 55 });
  model.compile(defaultCompileOptions(applicationOf(which)));
  return model;
}
