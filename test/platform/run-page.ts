// An experiment of images that come as bytes, as those that are dropped on a page do, with a run and a study kept in a file
// system; and both opened again. Runs in Node in memory and in a browser in its private file system.
import { defined } from "../../src/core/defined.js";
import { tensor } from "../../src/core/tensor.js";
import { encodePng, type ImageSource, loadImages } from "../../src/data/index.js";
import { partsOf } from "../../src/experiment/data/parts.js";
import { makeRecipe } from "../../src/experiment/index.js";
import { RunFolder } from "../../src/experiment/run/folder.js";
import { factsOf, recipeOf, startRun } from "../../src/experiment/run/run.js";
import { readMetrics } from "../../src/formats/run/metrics.js";
import { loadModel } from "../../src/index.js";
import type { Files } from "../../src/platform/files/files.js";
import { createStudy, loadStudy, openStorage } from "../../src/tune/index.js";

const RUN = "runs/first";
const STUDY = { name: "sizes", seed: 3 } as const;
const JOURNAL = "journal://runs/study.log";

export interface Kept {
  readonly weights: string;
  readonly files: readonly string[];
  readonly best: number;
}

/** Dark images with a bright spot on the left or on the right. */
const images = (): ImageSource[] =>
  Array.from({ length: 40 }, (_, i) => {
    const side = i % 2;
    const pixels = Uint8Array.from(
      { length: 144 },
      (_, at) => ((at % 12) / 6 >= 1 === (side === 1) ? 190 : 9) + ((i * at) % 50),
    );
    const bytes = encodePng(tensor(pixels, [12, 12, 1], "uint8"));
    return { path: `${side === 0 ? "left" : "right"}/${i}.png`, size: bytes.length, bytes: async () => bytes };
  });

const study = async (files: Files | undefined) => openStorage(JOURNAL, defined({ files }));

/** Trains a run and a study of three trials, and keeps both. */
export async function keep(files?: Files): Promise<Kept> {
  const loaded = await loadImages(images(), { height: 12, width: 12 });
  const targets = { kind: "classes", classNames: loaded.classNames, indices: loaded.y.data } as const;
  const folders = { train: { name: "dropped", path: "dropped", images: loaded, targets } };
  const split = { validation: 0.25, seed: 1 } as const;
  const data = { kind: "classification", source: {}, folders, ...partsOf(folders, split), findings: [] } as const;
  const recipe = makeRecipe(
    {
      model: { name: "logistic" },
      preprocessing: { imageSize: [12, 12], color: "grayscale", interpolation: "lanczos" },
      split,
      seed: 1,
      mode: "reproducible",
      training: { epochs: 3, batchSize: 8, monitor: "val_accuracy", patience: null },
    },
    data,
  );
  const { training } = await startRun(RUN, recipe, data, defined({ files }));
  const sizes = await createStudy({ ...STUDY, direction: "minimize", storage: await study(files) });
  await sizes.optimize((trial) => (trial.suggestFloat("x", -2, 2) - 1) ** 2, { trials: 3 });
  const kept = await opened(files);
  if (kept.weights !== training.weightsSha256) throw new Error("the kept weights are not those that were trained");
  return kept;
}

/** Opens what was kept: the run's recipe, facts, metrics and model, and the study. */
export async function opened(files?: Files): Promise<Kept> {
  const run = await RunFolder.open(RUN, defined({ files }));
  const recipe = await recipeOf(run);
  const facts = await factsOf(run);
  const metrics = readMetrics(await run.text("metrics"), run.file("metrics"));
  const { model } = await loadModel(await run.bytes("model"));
  const weights = await model.weightsSha256();
  await model.close();
  if (!("classNames" in recipe.task) || recipe.task.classNames.join() !== "left,right" || facts.replay === undefined)
    throw new Error("the run is another");
  if (metrics.weights_sha256 !== weights) throw new Error("the model is not that of the metrics");
  const names = (await run.files.listDirectory(RUN)).map(({ name }) => name);
  const sizes = await loadStudy({ ...STUDY, storage: await study(files) });
  const trials = sizes.trials;
  if (trials.length !== 3) throw new Error(`the study has ${trials.length} trials`);
  const best = Math.min(...trials.map(({ values }) => values![0]!));
  return { weights, files: names.filter((name) => !name.startsWith("events.")), best };
}
