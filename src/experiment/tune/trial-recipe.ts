// A trial as a run: the recipe that trains to the weights of a complete trial, to the bit. The parts of a run that a
// trial lacks (a report, figures of the test images, a checkpoint, a replay) follow from it as from every recipe.
import { defined } from "../../core/defined.js";
import { FoveaError } from "../../core/errors.js";
import type { Recipe } from "../../formats/run/recipe.js";
import type { Model } from "../../nn/index.js";
import { lossToKeras } from "../../nn/losses/index.js";
import { metricToKeras } from "../../nn/metrics/index.js";
import type { OutputObjective } from "../../nn/model/objective.js";
import { optimizerToKeras } from "../../nn/optimizers/index.js";
import { modelToKeras } from "../../nn/serialization/model.js";
import { createStudy, randomSampler, type TrialRecord } from "../../tune/index.js";
import { recordedWeights } from "../data/weights.js";
import { recipeFor } from "../recipe/recipe.js";
import { defineStudy } from "./definition.js";
import { suggestAll } from "./space.js";
import type { TuneSpec } from "./spec.js";
import type { StudyData } from "./study-data.js";
import { buildTrialModel } from "./trial-model.js";
import { numericsOf } from "./trial-training.js";

type Training = Recipe["training"];
type Config = Extract<Recipe["model"], { config: unknown }>["config"];

/**
 * The recipe of a complete trial of images: `startRun` makes a run of it whose weights are the trial's, to the bit.
 * @param spec what the study remembers, as `storedSpec` reads it
 * @param record the trial, of which number and parameters count
 * @param data the study's images, as `loadStudyData` loads them
 * @param complete number of the study's complete trials, which the recipe then tells: the more there were, the kinder their
 *   validation is to the best
 * @throws FoveaError for a trial that is not complete, and for a study of a table
 * @example
 * const spec = readSpec({
 *   study: "pets",
 *   data: { images: "pets", imageSize: [12, 12], split: { stratify: true } },
 *   space: { rate: { float: [1e-4, 1e-2], log: true } },
 *   model: { layers: ["Flatten", { Dense: { units: "$classes" } }] },
 *   training: { optimizer: { Adam: { learning_rate: "$rate" } }, epochs: 2 },
 *   trials: 2,
 * });
 * const data = await loadStudyData(spec.data);
 * const program = await specProgram(spec, data);
 * const study = await openProgram(program, new MemoryStorage());
 * await runStudy(study, program, { threads: 1 });
 * const recipe = await trialRecipe(spec, study.bestTrial, data, study.trials.length);
 * recipe.search; // { study: "pets", trial: ..., complete: 2, parameters: { rate: ... } }
 * await data.close();
 */
export async function trialRecipe(
  spec: TuneSpec,
  record: TrialRecord,
  data: StudyData,
  complete?: number,
): Promise<Recipe> {
  const { images, task, split } = data;
  if (record.state !== "complete")
    throw new FoveaError(
      "unfinished",
      `trial ${record.number} is ${record.state}; only a complete trial can become a run`,
    );
  if ("table" in spec.data || images === undefined || task === undefined || split === undefined)
    throw new FoveaError(
      "unsuited-data",
      `study "${spec.study}": it is of a table, and runs of trials are of images; fovea tune rebuild makes its model`,
    );
  const definition = await defineStudy(spec, data);
  const { epochs, batchSize, patience, seed: wanted, classWeight } = spec.training;
  const seed = wanted === "trial" ? record.number : wanted;
  const parameters = await parametersOf(definition.space, record);
  const numerics = numericsOf(record);
  const model = buildTrialModel(definition, parameters, { seed, numerics });
  const { compile_config: _, ...config } = modelToKeras(model) as unknown as Config;
  const { sampleWeight, columns } = spec.data;
  const weights =
    classWeight === undefined || classWeight === "balanced"
      ? classWeight
      : Object.entries(classWeight).map(([name, weight]) => ({ name, weight }));
  return recipeFor(
    {
      model: { config },
      preprocessing: data.facts.preprocessing!,
      split,
      seed,
      mode: "reproducible",
      numerics,
      training: { epochs, batchSize, patience, monitor: definition.monitor, ...compiledOf(model) },
      wish: data.wish,
      ...defined({ columns, classWeight: weights }),
      ...(sampleWeight === undefined ? {} : { sampleWeight: await recordedWeights(sampleWeight) }),
    },
    images,
    model,
    {
      task,
      model: { config },
      search: { study: spec.study, trial: record.number, ...defined({ complete }), parameters: { ...parameters } },
    },
  );
}

/** Optimizer, loss and metrics of a compiled model with one output, as a recipe holds them. */
function compiledOf({ trainer: { optimizer, objective } }: Model): Pick<Training, "optimizer" | "loss" | "metrics"> {
  const [{ loss, metrics }] = objective as readonly [OutputObjective];
  return {
    optimizer: optimizerToKeras(optimizer) as Training["optimizer"],
    loss: lossToKeras(loss) as Training["loss"],
    metrics: metrics.map(metricToKeras) as Training["metrics"],
  };
}

/** Parameters in the order in which the space asks for them, checked against it. */
async function parametersOf(space: TuneSpec["space"], { params }: TrialRecord) {
  const study = await createStudy({ sampler: randomSampler() });
  await study.enqueueTrial(params);
  return suggestAll(space, await study.ask());
}
