// The spec of a study that a form's settings stand for, in the JSON that `fovea tune run` takes, and the lines and the command
// that run it.
import { defaultStorage, shellWord, studyFolder, usualLook } from "fovea/experiment";
import type { CodeFacts } from "../contract/facts.js";
import type { Tuned, TuneSettings } from "../contract/study-calls.js";
import type { Project } from "./project.js";

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };
type Fields = { readonly [name: string]: Json };
type Range = TuneSettings["ranges"][Tuned];

/** Size and colour of images where there is no path to look at: those of the lecture. */
const LOOK = { imageSize: [80, 60], color: "grayscale" } as const;
/** Values of a range that a grid tries. */
const GRID_STEPS = 3;

const isFixed = ({ from, to }: Range): boolean => from === to;

/** The spec of some settings. */
export async function specOf(project: Project, settings: TuneSettings): Promise<Fields> {
  const { study, target, objective, epochs, batchSize, patience, trials, parallel, seed } = settings;
  const { path, sources } = project;
  const look = path === undefined || typeof sources.train !== "string" ? LOOK : await usualLook(path);
  const goals = GOALS[objective];
  const { space, model } = settings.network === "parts" ? partsOf(settings) : wholeOf(settings);
  const rate = settings.ranges.learningRate;
  return {
    study,
    data: {
      images: path ?? project.name,
      ...(target === undefined ? {} : { target }),
      imageSize: [...look.imageSize],
      color: look.color,
    },
    space: { ...searched("learning_rate", rate, { log: true }), ...space },
    model,
    training: {
      optimizer: { Adam: { learning_rate: referenceTo("learning_rate", rate) } },
      ...{ epochs, batchSize, patience },
    },
    objective: goals.length === 1 ? goals[0]! : goals,
    trials,
    ...(parallel === 1 ? {} : { parallel }),
    sampler: samplerFor(settings),
    // A trial reports one value on its way: with two objectives no trial can be ended early.
    pruner: goals.length > 1 ? "none" : prunerFor(settings),
    seed,
    ...(settings.storage === undefined ? {} : { storage: settings.storage }),
  };
}

const GOALS: Readonly<Record<TuneSettings["objective"], readonly string[]>> = {
  accuracy: ["val_accuracy"],
  loss: ["val_loss"],
  "accuracy-size": ["val_accuracy", "parameters"],
  "loss-size": ["val_loss", "parameters"],
};

/** A parameter of the space, where its range is one. */
function searched(name: string, range: Range, options: Fields = {}, type: "float" | "int" = "float"): Fields {
  return isFixed(range) ? {} : { [name]: { [type]: [range.from, range.to], ...options } };
}

/** The reference to a parameter, or its one value. */
const referenceTo = (name: string, range: Range): Json => (isFixed(range) ? range.from : `$${name}`);

/** A small network of convolutions, as long as its number of blocks says. */
function partsOf({ ranges }: TuneSettings): { readonly space: Fields; readonly model: Fields } {
  const { blocks, filters, kernel, dropout, dense, augmentation } = ranges;
  const kernels = oddNumbers(kernel);
  const log = { log: true };
  const space = {
    ...searched("blocks", blocks, {}, "int"),
    ...(isFixed(blocks)
      ? Object.assign({}, ...numbersTo(blocks.from).map((i) => searched(`filters_${i}`, filters, log, "int")))
      : searched("filters_{i}", filters, { ...log, each: "blocks" }, "int")),
    ...(kernels.length > 1 ? { kernel_size: { choices: kernels } } : {}),
    ...searched("dropout", dropout),
    ...searched("dense_units", dense, log, "int"),
    ...searched("augmentation", augmentation),
  };
  const amount = referenceTo("augmentation", augmentation);
  const around = { fill_mode: "nearest" };
  const varied: Json[] =
    augmentation.to === 0
      ? []
      : [
          { RandomTranslation: { height_factor: amount, width_factor: amount, ...around } },
          { RandomRotation: { factor: amount, ...around } },
          { RandomZoom: { height_factor: amount, ...around } },
        ];
  const convolution = {
    filters: referenceTo("filters_{i}", filters),
    kernel_size: kernels.length > 1 ? "$kernel_size" : (kernels[0] ?? 3),
    ...{ padding: "same", activation: "relu" },
  };
  const layers: Json[] = [
    { Rescaling: { scale: 1 / 255 } },
    ...varied,
    { repeat: referenceTo("blocks", blocks), layers: [{ Conv2D: convolution }, { MaxPooling2D: { pool_size: 2 } }] },
    "Flatten",
    { Dropout: { rate: referenceTo("dropout", dropout) } },
    { Dense: { units: referenceTo("dense_units", dense), activation: "relu" } },
  ];
  return { space, model: { layers, head: "task" } };
}

/** Whole networks, one of which each trial takes. */
function wholeOf({ networks }: TuneSettings): { readonly space: Fields; readonly model: Fields } {
  const [only] = networks;
  if (networks.length === 1) return { space: {}, model: { application: only! } };
  return { space: { network: { choices: networks } }, model: { application: "$network" } };
}

const numbersTo = (last: number): number[] => Array.from({ length: Math.max(0, last) }, (_, i) => i + 1);

/** Sides of kernels in a range: those with a middle. */
const oddNumbers = ({ from, to }: Range): number[] => numbersTo(to).filter((side) => side >= from && side % 2 === 1);

/** A grid has to be told what to try of a range; the other samplers need their names alone. */
function samplerFor({ sampler, network, ranges }: TuneSettings): Json {
  if (sampler !== "grid") return sampler;
  const { learningRate, blocks, filters, dropout, dense, augmentation } = ranges;
  const parts: readonly (readonly [name: string, range: Range, steps: (range: Range) => number[]])[] = [
    [isFixed(blocks) ? "" : "filters_{i}", filters, wholeSteps],
    ...(isFixed(blocks) ? numbersTo(blocks.from).map((i) => [`filters_${i}`, filters, wholeSteps] as const) : []),
    ["dropout", dropout, evenSteps],
    ["dense_units", dense, wholeSteps],
    ["augmentation", augmentation, evenSteps],
  ];
  const all = [["learning_rate", learningRate, logSteps] as const, ...(network === "parts" ? parts : [])];
  const values = all
    .filter(([name, range]) => name !== "" && !isFixed(range))
    .map(([name, range, steps]) => [name, steps(range)] as const);
  return { grid: { values: Object.fromEntries(values) } };
}

const steps = Array.from({ length: GRID_STEPS }, (_, i) => i / (GRID_STEPS - 1));
const evenSteps = ({ from, to }: Range): number[] =>
  steps.map((at) => Number((from + (to - from) * at).toPrecision(6)));
const logSteps = ({ from, to }: Range): number[] =>
  steps.map((at) => (at === 0 ? from : at === 1 ? to : Number((from * (to / from) ** at).toPrecision(3))));
const wholeSteps = (range: Range): number[] => [...new Set(logSteps(range).map(Math.round))];

const prunerFor = ({ pruner, epochs }: TuneSettings): Json =>
  pruner === "hyperband" ? { hyperband: { minResource: 1, maxResource: epochs, reductionFactor: 3 } } : pruner;

/** The most characters of a value that stands on one line. */
const LINE = 110;

/** JSON as people write it: what is short stands on one line. */
function printed(value: Json, indent = ""): string {
  const short = spaced(value);
  const hasParts = typeof value === "object" && value !== null;
  if (!hasParts || (indent !== "" && indent.length + short.length <= LINE)) return short;
  const inner = `${indent}  `;
  const lines = Array.isArray(value)
    ? value.map((item: Json) => inner + printed(item, inner))
    : Object.entries(value as Fields).map(([name, item]) => `${inner}${JSON.stringify(name)}: ${printed(item, inner)}`);
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  return `${open}\n${lines.join(",\n")}\n${indent}${close}`;
}

/** JSON on one line, with spaces where people put them. */
function spaced(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(spaced).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([name, item]) => `${JSON.stringify(name)}: ${spaced(item as Json)}`);
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}

/** The lines of a file such as tune.mjs, and the commands, that run a spec. */
export function codeOfSpec(spec: Fields, storage?: string): CodeFacts {
  const { storage: asked, ...content } = spec;
  const study = String(spec.study);
  const url = storage ?? (typeof asked === "string" ? asked : defaultStorage(study));
  const isDefault = url === defaultStorage(study);
  const json = printed(content);
  const folder = isDefault
    ? { line: `await mkdir(${JSON.stringify(studyFolder(study))}, { recursive: true });\n`, from: "fs" }
    : undefined;
  const typescript = `${folder ? 'import { mkdir } from "node:fs/promises";\n' : ""}import {
  loadStudyData,
  openProgram,
  readSpec,
  runStudy,
  specProgram,
  withOpenSplit,
  withSettledSplit,
} from "fovea/experiment";
import { openStorage } from "fovea/tune";

const spec = withOpenSplit(readSpec(${json}));
const data = await loadStudyData(spec.data, { batchSize: spec.training.batchSize });
const program = await specProgram(withSettledSplit(spec, data), data);
${folder?.line ?? ""}const study = await openProgram(program, await openStorage(${JSON.stringify(url)}));
await runStudy(study, program);
${
  Array.isArray(spec.objective)
    ? "for (const { number, values, params } of study.bestTrials) console.log(number, values, params);"
    : "console.log(study.bestTrial.number, study.bestValue, study.bestParams);"
}
await study.close();
await data.close();
`;
  const file = `${study.replaceAll(/[^\p{L}\p{N}._-]/gu, "_")}.json`;
  const where = isDefault ? "" : ` --storage ${shellWord(url)}`;
  return {
    typescript,
    commands: `cat > ${shellWord(file)} <<'END'\n${json}\nEND\nfovea tune run ${shellWord(file)}${where}\n`,
  };
}
