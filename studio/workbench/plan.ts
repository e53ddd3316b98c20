// The meaning of a form's settings: the plan that `fovea train` or `fovea transfer` makes of the same options, the recipe of it,
// and the lines and the command that do the same.

import { APPLICATION_NAMES, APPLICATIONS } from "fovea";
import {
  BASE_NAMES,
  baseFacts,
  basePreprocessing,
  type DataWish,
  type ExperimentData,
  isShipped,
  listWeights,
  MODEL_BASE,
  makeRecipe,
  makeTransferRecipe,
  type Plan,
  shellWord,
  TASK_KINDS,
  TASKS,
  type TransferWish,
  UPRIGHT,
  usualLook,
} from "fovea/experiment";
import type { CodeFacts, TrainChoices } from "../contract/facts.js";
import type { TrainSettings } from "../contract/training-calls.js";
import type { Project } from "./project.js";

const FINE_TUNE = { learningRate: 1e-5, epochs: 5, batchSize: 16 } as const;

/** Settings with the file of the model that is trained further. */
export type PlanSettings = TrainSettings & { readonly weights?: string };

const isBase = ({ model }: TrainSettings): boolean => model === MODEL_BASE || BASE_NAMES.includes(model);

/** The task and the targets that the data are opened for. */
export const dataWishOf = ({ task, target }: TrainSettings): DataWish => ({
  ...(task === undefined ? {} : { task }),
  ...(target === undefined ? {} : { target }),
});

/** An experiment that is asked for: trained from nothing, or on a base. */
export type Wish =
  | { readonly kind: "plan"; readonly plan: Plan }
  | { readonly kind: "transfer"; readonly wish: TransferWish; readonly preprocessing: Plan["preprocessing"] };

/** The size and colours that a network trained from nothing sees a project's images in. */
export async function lookFor(project: Project, settings: Pick<TrainSettings, "imageSize" | "color">) {
  const { train } = project.sources;
  // Class folders in Train and Test are opened apart; the path of both tells what they are.
  const look = await usualLook(typeof train === "string" ? (project.path ?? train) : train);
  const { imageSize = look.imageSize, color = look.color } = settings;
  return { imageSize, color, interpolation: "lanczos", ...UPRIGHT } as const;
}

/** The wish of some settings. */
export async function wishFor(project: Project, settings: PlanSettings): Promise<Wish> {
  const { model, epochs, batchSize, learningRate, augment, patience, seed, loss, fineTune = 0 } = settings;
  const common = {
    split: { validation: 0.2, seed: 123, stratify: "uneven" },
    seed,
    mode: "reproducible",
    training: { epochs, batchSize, patience },
    learningRate,
    ...(loss === undefined ? {} : { wish: { loss } }),
  } as const;
  if (isBase(settings)) {
    const wish: TransferWish = {
      base: model,
      ...(model === MODEL_BASE && settings.weights !== undefined ? { weights: settings.weights } : {}),
      ...common,
      ...(augment === "none" ? {} : { augmentation: augment }),
      ...(fineTune === 0 ? {} : { fineTune: { layers: fineTune, ...FINE_TUNE } }),
    };
    return { kind: "transfer", wish, preprocessing: await basePreprocessing(wish, settings.imageSize) };
  }
  const plan: Plan = {
    model: { name: model },
    preprocessing: await lookFor(project, settings),
    ...common,
    ...(augment === "none" ? {} : { augmentation: augment }),
  };
  return { kind: "plan", plan };
}

/** The preprocessing and the split that the data of a wish are opened with. */
export const dataOf = (wish: Wish) =>
  wish.kind === "plan"
    ? { preprocessing: wish.plan.preprocessing, split: wish.plan.split }
    : { preprocessing: wish.preprocessing, split: wish.wish.split };

/** The recipe of a wish for some data. @throws FoveaError for a network that does not fit them */
export const recipeFor = (wish: Wish, data: ExperimentData) =>
  wish.kind === "plan"
    ? makeRecipe(wish.plan, data)
    : makeTransferRecipe(wish.wish, wish.preprocessing as Parameters<typeof makeTransferRecipe>[1], data);

/** Tasks that images with a class each can be learnt for: their classes, or identities that are compared. */
const TASKS_OF_CLASSES = TASK_KINDS.filter((kind) => TASKS[kind].targetKind === "classes");

/** Targets that can be predicted of a project's images, and the networks for them. */
export async function choicesOf(project: Project): Promise<TrainChoices> {
  const stored = new Set((await listWeights().catch(() => [])).map(({ known }) => known.model as string));
  const applications = APPLICATION_NAMES.map((name) => ({ name, title: APPLICATIONS[name].title, isBase: false }));
  const bases = BASE_NAMES.map((name) => ({
    name,
    title: baseFacts(name).title,
    isBase: true,
    ...(isShipped(name) || stored.has(name) ? {} : { missing: `its weights are not here; fovea weights pull ${name}` }),
  }));
  return {
    networks: [...applications, ...bases],
    targets: project.targets,
    tasks: project.targets.length > 0 || project.facts.labelKind !== "classes" ? [] : TASKS_OF_CLASSES,
    losses: {
      classification: TASKS.classification.losses,
      multiLabel: TASKS.multiLabel.losses,
      regression: TASKS.regression.losses,
      verification: TASKS.verification.losses,
      segmentation: TASKS.segmentation.losses,
      detection: TASKS.detection.losses,
    },
  };
}

/** The lines of a file such as again.mjs, and the command, that train as the form will. */
export async function codeOfPlan(project: Project, settings: PlanSettings): Promise<CodeFacts> {
  const wish = await wishFor(project, settings);
  const { path = project.name } = project;
  const hasJournal = project.usesJournal;
  const options = [
    ...Object.entries(dataWishOf(settings)).map(([name, value]) => `${name}: ${JSON.stringify(value)}`),
    ...(hasJournal ? ["journal: await findJournal(paths)"] : []),
  ];
  const loading = options.length === 0 ? "" : `, { ${options.join(", ")} }`;
  const open = `const paths = await findData(${JSON.stringify(path)});`;
  const names = ["findData", ...(hasJournal ? ["findJournal"] : []), "loadData"];
  const typescript =
    wish.kind === "plan"
      ? `import { ${[...names, "makeRecipe", "startRun"].join(", ")} } from "fovea/experiment";

const plan = ${printed(wish.plan)};
${open}
const data = await loadData(paths, plan.preprocessing, plan.split${loading});
const { training } = await startRun("runs/again", makeRecipe(plan, data), data);
console.log(training.weightsSha256);
`
      : `import { ${[...names, "basePreprocessing", "makeTransferRecipe", "startRun"].join(", ")} } from "fovea/experiment";

const wish = ${printed(wish.wish)};
const preprocessing = await basePreprocessing(wish);
${open}
const data = await loadData(paths, preprocessing, wish.split${loading});
const recipe = await makeTransferRecipe(wish, preprocessing, data);
const { training } = await startRun("runs/again", recipe, data);
console.log(training.weightsSha256);
`;
  return { typescript, commands: commandOf(path, settings, wish) };
}

function commandOf(path: string, settings: TrainSettings, wish: Wish): string {
  const {
    model,
    epochs,
    batchSize,
    learningRate,
    augment,
    patience,
    seed,
    task,
    target = [],
    loss,
    fineTune,
  } = settings;
  const { imageSize, color } = dataOf(wish).preprocessing as { imageSize: readonly number[]; color: string };
  const modelOptions =
    wish.kind === "plan"
      ? [`--model ${model}`, `--image-size ${imageSize.join("x")} --color ${color}`, `--augment ${augment}`]
      : [
          `--base ${model}`,
          ...(wish.wish.weights === undefined ? [] : [`--weights ${shellWord(wish.wish.weights)}`]),
          // Options that the form does not set are the base's own.
          ...(augment === "none" ? [] : [`--augment ${augment}`]),
          ...(fineTune ? [`--fine-tune ${fineTune}`] : []),
          ...(task === undefined || TASKS[task].wholeFigures === undefined ? ["--monitor val_loss"] : []),
        ];
  const options = [
    ...modelOptions,
    ...(task === undefined ? [] : [`--task ${task}`]),
    ...(target.length === 0 ? [] : [`--target ${target.map(shellWord).join(" ")}`]),
    ...(loss === undefined ? [] : [`--loss ${loss}`]),
    `--epochs ${epochs} --batch-size ${batchSize} --learning-rate ${learningRate} --patience ${patience}`,
    `--seed ${seed}`,
  ];
  return `fovea ${wish.kind === "plan" ? "train" : "transfer"} ${shellWord(path)} ${options.join(" \\\n  ")}\n`;
}

/** Settings as a literal, one per line. */
const printed = (settings: object): string =>
  `{\n${Object.entries(settings)
    .map(([name, value]) => `  ${name}: ${literal(value)},\n`)
    .join("")}}`;

/** A value as people write it. */
function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([name, inner]) => `${name}: ${literal(inner)}`)
    .join(", ")} }`;
}
