// False alarms of `fovea monitor`, and what it says of images that are others: `node dist/tools/measure-monitor.js [FOLDER]`
// writes generated handwriting of 12 characters, trains LeNet-5 on it, and monitors test images that the run has not seen: 20
// resamples of 100 as they are, then 400 blurred, darkened, of other writers, other characters, without one class.
// Needs half a gigabyte of disk and a few minutes; prints the table of docs/monitoring.md.
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encode } from "fast-png";
import { runProgram } from "../src/cli/program.js";
import { Random, STREAM } from "../src/core/random.js";
import { logGamma } from "../src/core/statistics/gamma.js";
import { decodeImage, OTHER_HANZI_CHARACTERS, type Pixels, resizeImage, writeHanzi } from "../src/data/index.js";
import { imagesIn } from "../src/experiment/data/image-paths.js";
import { monitorRun, USUAL_FALSE_ALARMS } from "../src/experiment/monitor/index.js";

const CHARACTERS = OTHER_HANZI_CHARACTERS.slice(0, 12);
const OTHERS = OTHER_HANZI_CHARACTERS.slice(12, 24);
const [RESAMPLES, IMAGES] = [20, 400];
/** Images of each resample of the same data: few of all that there are, so that resamples differ. */
const SAME = 100;

const folder = process.argv[2] ?? join(tmpdir(), "fovea-measure-monitor");
const at = (...names: string[]): string => join(folder, ...names);
await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });

interface Item {
  readonly path: string;
  readonly label: string;
}

async function written(
  name: string,
  characters: readonly string[],
  seed: number,
): Promise<Record<"Train" | "Test", Item[]>> {
  await writeHanzi(at(name), { scale: 0.5, seed, characters }, () => {});
  const items = async (part: string): Promise<Item[]> =>
    (await imagesIn(at(name, part))).map((path) => ({ path, label: path.split("/").at(-2)! }));
  return { Train: await items("Train"), Test: await items("Test") };
}

/** Writes a manifest of images that lie anywhere below the folder. */
async function manifest(name: string, items: readonly (Item & { readonly split?: string })[]): Promise<string> {
  const lines = items.map(({ path, label, split }) =>
    [path.slice(folder.length + 1), label, split].filter(Boolean).join(","),
  );
  await writeFile(at(name), `path,class${items[0]?.split ? ",split" : ""}\n${lines.join("\n")}\n`);
  return at(name);
}

const random = new Random(16, STREAM.user);
const some = (items: readonly Item[], count = IMAGES): Item[] =>
  Array.from(random.permutation(items.length).subarray(0, count), (i) => items[i]!);

/** Changed copies of images. */
async function changed(name: string, items: readonly Item[], change: (picture: Pixels) => Pixels): Promise<Item[]> {
  await mkdir(at(name));
  const copies: Item[] = [];
  for (const [n, { path, label }] of items.entries()) {
    const { width, height, channels, data } = change(await decodeImage(await readFile(path), path));
    const copy = at(name, `${n}.png`);
    await writeFile(copy, encode({ width, height, channels, data, depth: 8 }));
    copies.push({ path: copy, label });
  }
  return copies;
}

const blurred = (picture: Pixels): Pixels => {
  const small = resizeImage(picture, Math.round(picture.height / 2), Math.round(picture.width / 2), "box");
  return resizeImage(small, picture.height, picture.width, "bilinear");
};
const darkened = (picture: Pixels): Pixels => ({ ...picture, data: picture.data.map((level) => 0.7 * level) });

const { Train, Test } = await written("writers", CHARACTERS, 1);
const held = new Set(Array.from(random.permutation(Test.length).subarray(0, Test.length / 2)));
const [tested, fresh] = [Test.filter((_, i) => held.has(i)), Test.filter((_, i) => !held.has(i))];
const split = (items: readonly Item[], part: string) => items.map((item) => ({ ...item, split: part }));
const data = await manifest("data.csv", [
  ...split(
    Train.filter((_, i) => i % 8 !== 0),
    "train",
  ),
  ...split(
    Train.filter((_, i) => i % 8 === 0),
    "validation",
  ),
  ...split(tested, "test"),
]);
if ((await runProgram(["train", data, "--model", "lenet5", "--epochs", "6", "--out", at("run"), "--quiet"])) !== 0)
  throw new Error("the training failed");

const rows: string[] = [];

/** Probabilities of all tests of the images that are like those of the reference. */
const chances: number[] = [];

async function row(title: string, sets: readonly string[]): Promise<number> {
  let alarmed = 0;
  const names = new Map<string, number>();
  let told = "";
  for (const source of sets) {
    const { tests } = await monitorRun(at("run"), source);
    if (sets.length > 1) chances.push(...tests.map(({ p }) => p));
    const alarms = tests.filter(({ isAlarm }) => isAlarm);
    if (alarms.length > 0) alarmed++;
    for (const { name } of alarms) names.set(name, (names.get(name) ?? 0) + 1);
    told ||= alarms.map((alarm) => alarm.told).join("; ");
  }
  rows.push(`| ${title} | ${alarmed} of ${sets.length} | ${[...names.keys()].join(", ") || "none"} |`);
  console.log(`${rows.at(-1)}\n  ${told}`);
  return alarmed;
}

/** The counts that a number of cases with a probability each has, 19 times of 20: as many of both ends are left out. */
function binomialBand(cases: number, probability: number): string {
  const chance = (count: number): number =>
    Math.exp(
      logGamma(cases + 1) -
        logGamma(count + 1) -
        logGamma(cases - count + 1) +
        count * Math.log(probability) +
        (cases - count) * Math.log(1 - probability),
    );
  let [low, high] = [0, cases];
  for (let sum = chance(low); sum <= 0.025; sum += chance(low)) low++;
  for (let sum = chance(high); sum <= 0.025; sum += chance(high)) high--;
  return `${low} to ${high}`;
}

const resamples: string[] = [];
for (let n = 0; n < RESAMPLES; n++) resamples.push(await manifest(`same-${n}.csv`, some(fresh, SAME)));
const falseAlarms = await row("the same data, 20 resamples", resamples);
console.log(
  `\nOf the same data: ${falseAlarms} of ${RESAMPLES} calls with an alarm, binomial band ${binomialBand(RESAMPLES, USUAL_FALSE_ALARMS)} at ` +
    `${USUAL_FALSE_ALARMS} a call.\n` +
    [0.01, 0.05]
      .map(
        (level) =>
          `p at or below ${level} before corrections: ${chances.filter((p) => p <= level).length} of ${chances.length} tests, binomial band ` +
          `${binomialBand(chances.length, level)} if they were independent.`,
      )
      .join("\n"),
);
await row("blurred", [await manifest("blurred.csv", await changed("blurred", some(fresh), blurred))]);
await row("darkened", [await manifest("dark.csv", await changed("dark", some(fresh), darkened))]);
await row("other writers of the same characters", [
  await manifest("others.csv", some((await written("others", CHARACTERS, 2)).Test)),
]);
await row("other characters", [await manifest("characters.csv", some((await written("characters", OTHERS, 1)).Test))]);
await row("without one class", [
  await manifest("missing.csv", some(fresh.filter(({ label }) => label !== CHARACTERS[3]))),
]);
console.log(`\n| images | calls with an alarm | alarms |\n|---|---|---|\n${rows.join("\n")}`);
await rm(folder, { recursive: true, force: true });
