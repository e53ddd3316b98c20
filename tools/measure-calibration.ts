// Calibration of a classifier on images of others: `node dist/tools/measure-calibration.js RUN` asks a run about its validation and
// test images, and prints the calibration error of the Test images at temperatures fitted on several images: validation as the
// run has it, validation without copies of training images, and halves of Test for each other, which show what images like those of
// Test would give. `... writers CASIA-Dataset OUT.csv` writes a manifest whose validation images are of other writers than the
// training images: CASIA's files are numbered by writer, so a block of fifty numbers of every five blocks is held out. Blocks all over
// the numbers, since the last of them come from another collection than the first, as a test with them alone shows.
import { writeFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { imagesIn } from "../src/experiment/data/image-paths.js";
import {
  areImages,
  closeData,
  findData,
  loadData,
  type Part,
  pathsOf,
  sourceOf,
} from "../src/experiment/data/index.js";
import { openAnswering } from "../src/experiment/models/index.js";
import { RunFolder, recipeOf } from "../src/experiment/run/index.js";
import { taskOf } from "../src/experiment/tasks/index.js";
import { decide } from "../src/experiment/training/index.js";
import { classAnswers } from "../src/experiment/training/trust.js";
import {
  adaptiveReliability,
  atTemperature,
  type ClassAnswers,
  fitTemperature,
  meanLogLoss,
  reliability,
} from "../src/experiment/trust/index.js";
import { textTable } from "../src/report/text/table.js";

const BATCH = 128;
/** Numbers of a block; writers who left a character out shift the numbers after theirs, so that single ones would not do. */
const WRITERS = 50;
/** One block of so many validates. */
const BLOCKS = 5;

/** Number at the end of a file's name. */
const numberOf = (path: string): number => Number(/(\d+)\.\w+$/.exec(path)?.[1] ?? "0");

const isHeldOut = (path: string): boolean => Math.floor(numberOf(path) / WRITERS) % BLOCKS === BLOCKS - 1;

/** Writes a manifest of a folder with Train and Test, whose validation images have other numbers than the training images. */
async function writeWriters(folder: string, out: string): Promise<void> {
  const { train, test } = await findData(folder);
  if (test === undefined) throw new Error(`${folder}: expected Train and Test`);
  const lines = ["path,class,split"];
  const add = (path: string, split: string): void => {
    lines.push(`${relative(dirname(resolve(out)), resolve(path))},${path.split("/").at(-2)},${split}`);
  };
  for (const path of await imagesIn(train)) add(path, isHeldOut(path) ? "validation" : "train");
  for (const path of await imagesIn(test)) add(path, "test");
  writeFileSync(out, `${lines.join("\n")}\n`);
}

const rowsOf = ({ classes, probabilities, labels }: ClassAnswers, rows: readonly number[]): ClassAnswers => ({
  classes,
  probabilities: Float64Array.from(
    rows.flatMap((row) => Array.from(probabilities.subarray(row * classes, (row + 1) * classes))),
  ),
  labels: rows.map((row) => labels[row]!),
});

const at = (answers: ClassAnswers, temperature: number): ClassAnswers => ({
  ...answers,
  probabilities: atTemperature(answers.probabilities, answers.classes, temperature),
});

async function measure(path: string): Promise<void> {
  const folder = await RunFolder.open(path);
  const recipe = await recipeOf(folder);
  const data = await loadData(pathsOf(recipe), recipe.preprocessing, recipe.split, {
    recorded: recipe.data,
    skipBad: true,
    ...(recipe.columns === undefined ? {} : { columns: recipe.columns }),
  });
  if (!areImages(data)) throw new Error(`${path}: expected a run on images`);
  const trained = await openAnswering(path, { compile: "objective" });
  const answersOf = async (part: Part): Promise<ClassAnswers> => {
    const source = sourceOf(part);
    const { x } = await source.take(Int32Array.from({ length: source.size }, (_, row) => row));
    const readings = taskOf(recipe.task).readings(trained.model, await trained.model.predict(x, { batchSize: BATCH }));
    const outcome = await decide(trained.model, recipe.task, part, BATCH);
    const found = classAnswers({ outcome, readings }, recipe.task);
    if (found === undefined) throw new Error(`${path}: expected a classifier`);
    return found;
  };
  const { train, validation, test } = data.parts;
  const [validated, tested] = [await answersOf(validation), await answersOf(test)];
  await trained.model.close();
  const hashOf = ({ samples, rows }: typeof train): string[] => Array.from(rows, (row) => samples.hashes[row]!);
  const learnt = new Set(hashOf(train));
  const fresh = [...hashOf(validation).entries()].filter(([, hash]) => !learnt.has(hash)).map(([row]) => row);
  await closeData(data);
  // Files are numbered by writer where they are numbered: halves by their numbers share no writers.
  const numbers = Array.from(test.rows, (row) => numberOf(test.samples.files[row]!));
  const middle = numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!;
  const halves = [true, false].map((isLower) => [...numbers.keys()].filter((n) => numbers[n]! < middle === isLower));
  const temperatures = halves.map((half) => fitTemperature(rowsOf(tested, half)).temperature);
  // Each half at the temperature of the other, put together.
  const crossed = halves.map((half, n) => at(rowsOf(tested, half), temperatures[1 - n]!));
  const both: ClassAnswers = {
    classes: tested.classes,
    probabilities: Float64Array.from(crossed.flatMap(({ probabilities }) => Array.from(probabilities))),
    labels: crossed.flatMap(({ labels }) => Array.from(labels)),
  };
  const byValidation = fitTemperature(validated).temperature;
  const byFresh = fitTemperature(rowsOf(validated, fresh)).temperature;
  const row = (title: string, images: string, temperature: string, answers: ClassAnswers): string[] => [
    ...[title, images, temperature],
    ...[reliability(answers).ece, adaptiveReliability(answers).ece, meanLogLoss(answers)].map((figure) =>
      figure.toFixed(4),
    ),
  ];
  const right = (answers: ClassAnswers): number => {
    const { classes, probabilities, labels } = answers;
    const isRight = Array.from(labels).filter((label, n) => {
      const shares = probabilities.subarray(n * classes, (n + 1) * classes);
      return shares.indexOf(shares.reduce((a, b) => Math.max(a, b))) === label;
    });
    return isRight.length / labels.length;
  };
  console.log(
    `${path}: accuracy ${right(validated).toFixed(4)} of ${validated.labels.length} validation images, of which ` +
      `${validated.labels.length - fresh.length} are copies of training images, ${right(tested).toFixed(4)} of ${tested.labels.length} test images\n`,
  );
  const heads = ["images", "temperature", "ECE on Test", "adaptive ECE", "log loss"];
  console.log(
    textTable(
      [{ head: "fitted on" }, ...heads.map((head) => ({ head, align: "right" as const }))],
      [
        row("nothing", "", "1", tested),
        row("validation", String(validated.labels.length), byValidation.toFixed(3), at(tested, byValidation)),
        row("validation without copies", String(fresh.length), byFresh.toFixed(3), at(tested, byFresh)),
        row(
          "the other half of Test's writers",
          halves.map(({ length }) => length).join(", "),
          temperatures.map((temperature) => temperature.toFixed(3)).join(", "),
          both,
        ),
      ],
    ),
  );
}

const [first, source, out] = process.argv.slice(2);
if (first === "writers" && source !== undefined && out !== undefined) await writeWriters(source, out);
else if (first !== undefined && source === undefined) await measure(first);
else throw new Error("expected a run, or: writers FOLDER OUT.csv");
