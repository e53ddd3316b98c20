// An experiment of images that come as bytes, as those that are dropped on a page do, with a run and a study kept in a file
// system; and both opened again. Runs in Node in memory and in a browser in its private file system.
import { defined } from "../../src/core/defined.js";
import { tensor } from "../../src/core/tensor.js";
import { encodePng, openPageFiles, type PageFile } from "../../src/data/index.js";
import { exclude, loadData, makeRecipe, openJournal, readJournal, relabel } from "../../src/experiment/index.js";
import { RunFolder } from "../../src/experiment/run/folder.js";
import { factsOf, recipeOf, startRun } from "../../src/experiment/run/run.js";
import { readMetrics } from "../../src/formats/run/metrics.js";
import { loadModel } from "../../src/index.js";
import type { Files } from "../../src/platform/files/files.js";
import { createStudy, loadStudy, openStorage } from "../../src/tune/index.js";

const RUN = "runs/first";
const STUDY = { name: "sizes", seed: 3 } as const;
const JOURNAL = "journal://runs/study.log";
const LABELS = "labels.journal";

export interface Kept {
  readonly weights: string;
  readonly files: readonly string[];
  readonly best: number;
}

/** Dark images with a bright spot on the left or on the right. */
const images = (): PageFile[] =>
  Array.from({ length: 40 }, (_, i) => {
    const side = i % 2;
    const pixels = Uint8Array.from(
      { length: 144 },
      (_, at) => ((at % 12) / 6 >= 1 === (side === 1) ? 190 : 9) + ((i * at) % 50),
    );
    const bytes = encodePng(tensor(pixels, [12, 12, 1], "uint8"));
    const path = `${side === 0 ? "left" : "right"}/${i}.png`;
    return {
      name: path,
      webkitRelativePath: path,
      size: bytes.length,
      slice: (start, end) => new Blob([bytes.slice(start, end)]),
    };
  });

const study = async (files: Files | undefined) => openStorage(JOURNAL, defined({ files }));

/** Trains a run and a study of three trials, and keeps both. */
export async function keep(files?: Files): Promise<Kept> {
  const split = { validation: 0.25, seed: 1 } as const;
  const preprocessing = { imageSize: [12, 12], color: "grayscale", interpolation: "lanczos" } as const;
  const paths = { train: await openPageFiles(images()) };
  const { folders } = await loadData(paths, preprocessing, split, { cache: false });
  const journal = await openJournal(LABELS, defined({ files }));
  const [first, second] = folders.train.samples.files.map((file, row) => ({
    image: folders.train.samples.hashes![row]!,
    file,
    label: "left",
  }));
  await relabel(journal, first!, "right");
  await exclude(journal, second!);
  const data = await loadData(paths, preprocessing, split, { cache: false, journal: await journal.read() });
  const recipe = makeRecipe(
    {
      model: { name: "logistic" },
      preprocessing,
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
  const { entries } = await readJournal(LABELS, defined({ files }));
  if (entries.length !== 2 || recipe.data.journal?.entries !== 2 || recipe.data.train.images !== 39)
    throw new Error("the labels are not those of the journal");
  if (metrics.weights_sha256 !== weights) throw new Error("the model is not that of the metrics");
  const names = (await run.files.listDirectory(RUN)).map(({ name }) => name);
  const sizes = await loadStudy({ ...STUDY, storage: await study(files) });
  const trials = sizes.trials;
  if (trials.length !== 3) throw new Error(`the study has ${trials.length} trials`);
  const best = Math.min(...trials.map(({ values }) => values![0]!));
  return { weights, files: names.filter((name) => !name.startsWith("events.")), best };
}
