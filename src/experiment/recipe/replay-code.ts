// The lines of TypeScript that do what a recipe does, to the bit. Reports show them, and a test runs them.
import { isOfTable, type Recipe } from "../../formats/run/recipe.js";
import { adam, optimizerToKeras } from "../../nn/optimizers/index.js";
import { kindOfTargets, taskOf } from "../tasks/index.js";

/**
 * A script for a file such as again.mts, run where the recipe's folders are.
 * @param options.skipBad whether images that cannot be decoded were left out, which the recipe does not say
 * @param recipe A recipe.
 * @param options `skipBad`, default false.
 */
export const replayCode = (recipe: Recipe, options: { readonly skipBad?: boolean } = {}): string =>
  plainCode(recipe, options.skipBad ?? false) ?? recipeCode(recipe, options.skipBad ?? false);

/** Settings of an optimizer as text; a recipe that was read has the fields around them in another order. */
const settingsOf = ({ class_name, config }: { readonly class_name: string; readonly config: unknown }): string =>
  JSON.stringify([class_name, config]);

/** Settings that `optimizer: "adam"` stands for. */
const PLAIN_ADAM = settingsOf(optimizerToKeras(adam()) as { readonly class_name: string; readonly config: unknown });

/** For a known architecture trained as classifiers are: everything spelt out. */
function plainCode(recipe: Recipe, skipBad: boolean): string | undefined {
  const { model, data, preprocessing, split, training, seed, mode, transfer } = recipe;
  if (transfer !== undefined || training.sampleWeight !== undefined || isOfTable(preprocessing)) return undefined;
  // Columns of a manifest and label journals are read by the recipe.
  if (data.journal !== undefined || data.train.columns !== undefined || split.by !== undefined || split.keepCopies)
    return undefined;
  const { optimizer, loss, metrics, classWeight } = training;
  const topK = metrics[1];
  if (!("name" in model) || typeof optimizer === "string" || typeof loss === "string") return undefined;
  if (settingsOf(optimizer) !== PLAIN_ADAM || loss.class_name !== "SparseCategoricalCrossentropy") return undefined;
  if (metrics.length !== 2 || metrics[0] !== "accuracy" || topK === undefined || typeof topK === "string")
    return undefined;
  const { imageSize, color, interpolation, crop, orientation, depth } = preprocessing;
  const [height, width] = imageSize;
  const look = [
    `height: ${height}, width: ${width}`,
    ...(color === "rgb" ? ['color: "rgb"'] : []),
    ...(interpolation === "lanczos" ? [] : [`interpolation: "${interpolation}"`]),
    ...(crop === undefined ? [] : [`crop: "${crop}"`]),
    ...(orientation === undefined ? ['orientation: "stored"'] : []),
    ...(depth === undefined ? ['depth: "cut"'] : []),
    ...(skipBad ? ["skipBad: true"] : []),
  ].join(", ");
  const splitter = split.stratify ? "proportionalSplit" : "trainTestSplit";
  const cut = (labels: string, count: string, testSize: number): string =>
    `${splitter}(${split.stratify ? labels : count}, { testSize: ${testSize}, randomState: ${split.seed} })`;
  const all = ["y.data", "y.data.length"] as const;
  const left = ["held.train.map((i) => y.data[i]!)", "held.train.length"] as const;
  const fromLogits = loss.config.from_logits === true ? "{ fromLogits: true }" : "";
  const channels = color === "rgb" ? 3 : 1;
  const options = mode === "fast" ? `{ seed: ${seed}, mode: "fast" }` : `{ seed: ${seed} }`;
  const held = data.test === undefined && split.test !== undefined;
  const parts = held
    ? [
        `const held = ${cut(...all, split.test!)}; // held.test is for testing`,
        ...(data.validation ? [] : [`const split = ${cut(...left, split.validation)};`]),
      ]
    : data.validation
      ? []
      : [`const split = ${cut(...all, split.validation)};`];
  const rowsOf = (which: "train" | "test"): string =>
    held ? `split.${which}.map((i) => held.train[i]!)` : `split.${which}`;
  const train = data.validation ? (held ? "part(held.train)" : "{ x, y }") : `part(${rowsOf("train")})`;
  const validation = data.validation
    ? `await loadImages(${JSON.stringify(data.validation.path)}, { ${look}, classNames })`
    : `part(${rowsOf("test")})`;
  const needsPart = held || data.validation === undefined;
  return `import { application, earlyStopping${needsPart ? ", takeRows" : ""} } from "fovea";
import { loadImages${needsPart ? `, ${splitter}` : ""} } from "fovea/data";
import { sparseCategoricalCrossentropy } from "fovea/losses";
import { sparseTopKCategoricalAccuracy } from "fovea/metrics";

const { x, y, classNames } = await loadImages(${JSON.stringify(data.train.path)}, { ${look} });
${parts.map((line) => `${line}\n`).join("")}${needsPart ? "const part = (rows: Int32Array) => ({ x: takeRows(x, rows), y: takeRows(y, rows) });\n" : ""}const model = application("${model.name}", { imageSize: [${height}, ${width}], channels: ${channels}, classes: classNames.length }, ${options});
model.compile({
  optimizer: "adam",
  loss: sparseCategoricalCrossentropy(${fromLogits}),
  metrics: ["accuracy", sparseTopKCategoricalAccuracy({ k: ${topK.config.k} })],
  numerics: ${recipe.numerics ?? 1},
});
await model.fit(${train}, {
  validationData: ${validation},
  epochs: ${training.epochs},
  batchSize: ${training.batchSize},
${training.microBatchSize === undefined ? "" : `  microBatchSize: ${training.microBatchSize},\n`}${classWeight === undefined ? "" : `  classWeight: { ${classWeight.map((weight, k) => `${k}: ${weight}`).join(", ")} },\n`}  callbacks: [earlyStopping({ monitor: "${training.monitor}", patience: ${training.patience ?? training.epochs}, restoreBestWeights: true })],
});
console.log(await model.weightsSha256());
`;
}

/** The import that the lines below read recipe.json with; this file itself knows no Node. */
const FILES = "node:fs/promises";

/** For everything else: what the recipe says, by the recipe. */
function recipeCode({ data, task }: Recipe, skipBad: boolean): string {
  const { train, validation, test, journal } = data;
  // A task that targets do not tell is said.
  const usesColumns = train.columns !== undefined || kindOfTargets({ kind: taskOf(task).targetKind }) !== task.kind;
  const options = [
    ...(usesColumns ? ["...dataWishOf(recipe)"] : []),
    ...(skipBad ? ["skipBad: true"] : []),
    ...(skipBad || journal !== undefined ? ["recorded: recipe.data"] : []),
    ...(journal === undefined ? [] : ["journal: await findJournal(paths)"]),
  ];
  const paths = { train: train.path, validation: validation?.path, test: test?.path };
  return `import { ${usesColumns ? "dataWishOf, " : ""}${journal === undefined ? "" : "findJournal, "}loadData, train } from "fovea/experiment";
import { readRecipe } from "fovea/formats";
import { readFile } from "${FILES}";

const recipe = readRecipe(await readFile("recipe.json"));
const paths = ${JSON.stringify(paths)};
const data = await loadData(paths, recipe.preprocessing, recipe.split${options.length > 0 ? `, { ${options.join(", ")} }` : ""});
const { model, weightsSha256 } = await train(recipe, data);
await model.close();
console.log(weightsSha256);
`;
}
