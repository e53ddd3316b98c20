// Error rates of a verifier of writers: `node dist/tools/measure-verification.js FOLDER [--scale S] [--epochs N] [--threads N]`
// writes the writers of seed 0 to FOLDER unless they are there, and prints the equal error rate on 100 unseen writers, ten
// images each, of the untrained features of the base "hanzi" and of a transfer on it.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { defined } from "../src/core/defined.js";
import { writeWriters } from "../src/data/index.js";
import { closeData, findData, loadData, sourceOf } from "../src/experiment/data/index.js";
import { startRun } from "../src/experiment/run/index.js";
import { cosinesOf, pairsOf, verificationFigures } from "../src/experiment/tasks/scores/verification/index.js";
import { basePreprocessing, makeTransferRecipe, readBaseWeights } from "../src/experiment/transfer/index.js";
import { buildFeatures } from "../src/experiment/transfer/model.js";
import { textTable } from "../src/report/text/table.js";

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    scale: { type: "string" },
    epochs: { type: "string" },
    rate: { type: "string" },
    threads: { type: "string" },
  },
});
const [folder] = positionals;
if (folder === undefined) throw new Error("usage: node dist/tools/measure-verification.js FOLDER");
const threads = values.threads === undefined ? undefined : Number(values.threads);
const engine = defined({ threads });

const writers = join(folder, "writers");
if (!existsSync(writers)) await writeWriters(writers, { scale: Number(values.scale ?? 1) });

const base = "hanzi";
const wish = {
  base,
  split: { validation: 0.2, seed: 123 },
  seed: 0,
  mode: "reproducible" as const,
  training: { epochs: 3, batchSize: 32, patience: 3 },
  augmentation: "none" as const,
  fineTune: {
    layers: "all" as const,
    learningRate: Number(values.rate ?? 1e-3),
    epochs: Number(values.epochs ?? 12),
    batchSize: 32,
  },
};
const preprocessing = await basePreprocessing({ base });
const data = await loadData(await findData(writers), preprocessing, wish.split, { task: "verification", ...engine });
try {
  const { test } = data.parts;
  const recipe = await makeTransferRecipe(wish, preprocessing, data);
  const features = await buildFeatures(
    { model: { name: base }, preprocessing, seed: 0, mode: "reproducible", transfer: { augmentation: "none" } },
    await readBaseWeights(base, undefined),
    engine,
  );
  const source = sourceOf(test);
  const rows = Int32Array.from({ length: source.size }, (_, row) => row);
  const { data: vectors } = await features.predict((await source.take(rows)).x as never, { batchSize: 64 });
  await features.close();
  const identities = test.rows.map((row) => (test.targets.kind === "classes" ? test.targets.indices[row]! : 0));
  const pairs = pairsOf(identities);
  const untrained = verificationFigures(
    { same: pairs.same, scores: cosinesOf(vectors, features.outputShape[0]!, pairs) },
    undefined,
  );
  const began = performance.now();
  const { metrics } = await startRun(join(folder, `run-${Date.now()}`), recipe, data, engine);
  const seconds = (performance.now() - began) / 1000;
  const trained = metrics.test as Readonly<Record<string, number>>;
  const [low, high] = metrics.intervals!.test.eer as readonly [number, number];
  const of = (figures: Readonly<Record<string, number>>): string[] =>
    ["eer", "auc", "tar_at_far_1e_2", "tar_at_far_1e_3"].map((key) => figures[key]!.toFixed(4));
  console.log(
    textTable(
      [
        { head: "features" },
        ...["EER", "AUC", "TAR at 1 %", "TAR at 0.1 %"].map((head) => ({ head, align: "right" as const })),
      ],
      [
        [`${base}, untrained`, ...of(untrained)],
        [`${base}, ArcFace`, ...of(trained)],
      ],
    ),
  );
  console.log(
    `EER ${(trained.eer! / untrained.eer!).toFixed(3)} of the untrained one (interval of the trained one ${low.toFixed(4)} to ${high.toFixed(4)}), ` +
      `${new Set(identities).size} writers, ${source.size} images; ${metrics.epochs} epochs in ${seconds.toFixed(0)} s`,
  );
} finally {
  await closeData(data);
}
