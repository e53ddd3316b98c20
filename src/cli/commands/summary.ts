// `fovea summary`: the boxed table of a model, of a file, a run or a known architecture, and how it uses memory. Prints;
// changes nothing.

import { type Command, Option } from "commander";
import { modelFacts, parameterCounts } from "../../experiment/models/index.js";
import type { Layer, MemoryFacts, Model, TensorType } from "../../index.js";
import { addShapeOptions, describeNames, MODEL_ARGUMENT, type ModelShape, modelOf } from "../model-argument.js";
import { addCommonOptions, type CommonOptions, wholeNumber } from "../options.js";
import { describeArchitecture } from "../terminal/architecture.js";
import { describeMemory, memoryJson } from "../terminal/memory.js";
import { Output } from "../terminal/output.js";

interface Options extends CommonOptions, ModelShape {
  readonly expand?: true;
  readonly layers?: true;
  readonly table?: true;
  readonly memory?: true;
  readonly batchSize: number;
}

export function define(command: Command): void {
  command
    .description(
      `Prints the layers of a model with their output shapes and parameters, as model.summary() does. ${MODEL_ARGUMENT}`,
    )
    .argument("<model>", "a file, a run or a name");
  addShapeOptions(command);
  command
    .optionsGroup("Form:")
    .option("--expand", "open nested models")
    .addOption(
      new Option("--layers", "print the list of layers, those of nested models indented").conflicts([
        "table",
        "expand",
      ]),
    )
    .option("--table", "print the layers that compute as papers do: type, channels, size, kernel, stride, padding");
  command
    .optionsGroup("Memory:")
    .option("--memory", "list the kernels of a prediction and of a training step with their bytes, and the peak")
    .option("--batch-size <N>", "images in the batch that --memory plans for", wholeNumber(1), 128);
  addCommonOptions(command)
    .addHelpText(
      "after",
      `
${describeNames()}

Examples:
  fovea summary cnn --image-size 80x60 --classes 55
  fovea summary lenet5 --image-size 28x28 --classes 10 --table
  fovea summary mobilenet_v2
  fovea summary keras_model.h5 --layers
  fovea summary cnn --memory --batch-size 32
  fovea summary runs/photos-cnn-1
  fovea summary model.keras --json`,
    )
    .action(run);
}

async function run(which: string, options: Options): Promise<void> {
  const model = await modelOf(which, options, { compile: options.memory === true });
  const { total, trainable } = parameterCounts(model);
  const { name, layers } = modelFacts(model);
  const plans = options.memory === undefined ? [] : memoryPlans(model, options.batchSize);
  new Output(options).answer(
    {
      name,
      layers: layers.map(({ outputShape, ...layer }) => ({ ...layer, output_shape: outputShape })),
      total_params: total,
      trainable_params: trainable,
      non_trainable_params: total - trainable,
      ...(options.table ? { architecture: model.architecture() } : {}),
      ...(plans.length === 0 ? {} : { batch_size: options.batchSize }),
      ...Object.fromEntries(plans.map(({ key, facts }) => [`${key}_memory`, memoryJson(facts)])),
    },
    [described(model, options), ...plans.map(({ title, facts }) => describeMemory(title, facts))].join("\n\n"),
  );
}

function described(model: Model, { table, layers, expand }: Options): string {
  if (table) return describeArchitecture(model.architecture());
  return layers ? layerLines(model).join("\n") : model.summary({ expandNested: expand === true });
}

/** Keras's way of showing layers, `<Conv2D name=Conv1, built=True>`, a line each. */
const layerLines = (layer: Layer, level = 0): string[] => [
  `${"  ".repeat(level)}${layer}${layer.layers.length === 0 ? "" : ` (layers: ${layer.layers.length})`}`,
  ...layer.layers.flatMap((inner) => layerLines(inner, level + 1)),
];

/** Prediction always, training when the model says how it learns. */
function memoryPlans(model: Model, batch: number): { key: string; title: string; facts: MemoryFacts }[] {
  const x: TensorType = { dtype: "uint8", shape: [batch, ...model.inputShape] };
  const y: TensorType = { dtype: "int32", shape: [batch] };
  const predicted = { key: "prediction", title: `Prediction of ${batch} images`, facts: model.memoryPlan(x) };
  if (!model.compiled) return [predicted];
  return [predicted, { key: "training", title: `Training step on ${batch} images`, facts: model.memoryPlan(x, y) }];
}
