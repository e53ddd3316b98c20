// The plan that a form's settings stand for, and the lines and the command that make the same of it.
import { type Plan, UPRIGHT, usualLook } from "fovea/experiment";
import type { TrainSettings } from "../contract/calls.js";
import type { CodeFacts } from "../contract/facts.js";
import type { Project } from "./project.js";

/** What images are taken as where there is no path to look at: the lecture's size. */
const LOOK = { imageSize: [80, 60], color: "grayscale" } as const;

/** The plan of some settings: what `fovea train` makes of the same options. */
export async function planFor({ path }: Project, settings: TrainSettings): Promise<Plan> {
  const { model, epochs, batchSize, learningRate, augment, patience, seed } = settings;
  const look = path === undefined ? LOOK : await usualLook(path);
  const { imageSize = look.imageSize, color = look.color } = settings;
  return {
    model: { name: model },
    preprocessing: { imageSize, color, interpolation: "lanczos", ...UPRIGHT },
    split: { validation: 0.2, seed: 123, stratify: "uneven" },
    seed,
    mode: "reproducible",
    training: { epochs, batchSize, patience },
    ...(augment === "none" ? {} : { augmentation: augment }),
    learningRate,
  };
}

/** The lines of a file such as again.mjs, and the command, that train as the form will. */
export async function codeOfPlan(project: Project, settings: TrainSettings): Promise<CodeFacts> {
  const plan = await planFor(project, settings);
  const { path = project.name } = project;
  const { imageSize, color } = plan.preprocessing as { imageSize: readonly number[]; color: string };
  const hasJournal = project.labels.count > 0;
  const typescript = `import { ${hasJournal ? "findJournal, " : ""}findData, loadData, makeRecipe, startRun } from "fovea/experiment";

const plan = ${printed(plan)};
const paths = await findData(${JSON.stringify(path)});
const data = await loadData(paths, plan.preprocessing, plan.split${hasJournal ? ", { journal: await findJournal(paths) }" : ""});
const { training } = await startRun("runs/again", makeRecipe(plan, data), data);
console.log(training.weightsSha256);
`;
  const options = [
    ["model", settings.model],
    ["image-size", imageSize.join("x")],
    ["color", color],
    ["epochs", settings.epochs],
    ["batch-size", settings.batchSize],
    ["learning-rate", settings.learningRate],
    ["augment", settings.augment],
    ["patience", settings.patience],
    ["seed", settings.seed],
  ];
  const commands = `fovea train ${quoted(path)} ${options.map(([name, value]) => `--${name} ${value}`).join(" \\\n  ")}\n`;
  return { typescript, commands };
}

/** A plan as a literal, one setting a line. */
const printed = (plan: Plan): string =>
  `{\n${Object.entries(plan)
    .map(
      ([name, value]) =>
        `  ${name}: ${JSON.stringify(value)
          .replace(/"(\w+)":/g, " $1: ")
          .replace(/,(?=\S)/g, ", ")},\n`,
    )
    .join("")}}`;

/** A path as a shell takes it. */
const quoted = (path: string): string => (/^[\w./\\:-]+$/.test(path) ? path : `"${path.replaceAll('"', '\\"')}"`);
