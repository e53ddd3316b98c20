// Scores many images in one process and in shards of which some are killed and started again, and compares the tables byte by
// byte; prints peak memory and images a second beside `fovea bench infer`.
// Usage: node dist/tools/measure-score.js FOLDER [IMAGES=200000] [SHARDS=16] [KILLED=4] [FORM=parquet]
// FOLDER gets the images (links to some thousand different ones) and tables; remove it afterwards. Ends with 1 where bytes differ.
import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, linkSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { applicationOf, defaultCompileOptions } from "../src/applications/index.js";
import { Random } from "../src/core/random.js";
import { saveKeras } from "../src/index.js";
import { application } from "../src/known-models.js";
import { BMP_PIXELS, blackBmp } from "./grey-bmp.js";

const [folder = "", ...numbers] = process.argv.slice(2, 6);
const form = process.argv[6] ?? "parquet";
const [images = 200_000, shards = 16, killed = 4] = numbers.map(Number);
if (folder === "") throw new Error("expected a folder; usage: measure-score FOLDER [IMAGES] [SHARDS] [KILLED] [FORM]");
const main = fileURLToPath(new URL("../command/main.js", import.meta.url));
const [HEIGHT, WIDTH] = [80, 60];
const DIFFERENT = 2000;

/** A grey BMP of noise: nearly nothing to decode, so that the model is what takes time. */
function bmp(seed: number): Buffer {
  const bytes = blackBmp(HEIGHT, WIDTH);
  const random = new Random(seed, 1);
  for (let at = BMP_PIXELS; at < bytes.length; at++) bytes[at] = random.integer(256);
  return bytes;
}

/** Networks that take longer over an image than its decoding, and the images that they score. */
const SLOW = { resnet20: 20_000, vgg11: 10_000 } as const;

async function writeModel(name: "cnn" | keyof typeof SLOW, file: string): Promise<void> {
  const model = application(name, { imageSize: [HEIGHT, WIDTH], channels: 1, classes: 55 }, { seed: 1 });
  model.compile(defaultCompileOptions(applicationOf(name)));
  writeFileSync(join(folder, file), await saveKeras(model));
  await model.close();
}

async function prepare(): Promise<void> {
  await writeModel("cnn", "model.keras");
  for (const name of Object.keys(SLOW) as (keyof typeof SLOW)[]) await writeModel(name, `${name}.keras`);
  for (let n = 0; n < images; n++) {
    const directory = join(folder, "images", String(Math.floor(n / 1000)).padStart(4, "0"));
    if (n % 1000 === 0) mkdirSync(directory, { recursive: true });
    const path = join(directory, `${String(n).padStart(7, "0")}.bmp`);
    if (existsSync(path)) continue;
    const first = n % DIFFERENT;
    if (n < DIFFERENT) writeFileSync(path, n % 997 === 5 ? "no image" : bmp(n));
    else
      linkSync(
        join(
          folder,
          "images",
          String(Math.floor(first / 1000)).padStart(4, "0"),
          `${String(first).padStart(7, "0")}.bmp`,
        ),
        path,
      );
  }
}

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly seconds: number;
  /** Megabytes at the most. */
  readonly peak: number;
}

/** Peak memory of a process that lives, in megabytes, as Linux tells it. */
function peakOf({ pid }: ChildProcess): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/** Runs a command; kills it once `stop` says so. */
async function fovea(args: readonly string[], stop: () => boolean = () => false): Promise<Ended> {
  const started = performance.now();
  const child = spawn(process.execPath, [main, ...args, "--json", "--quiet"], { stdio: ["ignore", "pipe", "inherit"] });
  let stdout = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  let [peak, isOver] = [0, false];
  const ended = new Promise<number | null>((resolve) => child.once("close", (code) => resolve(code)));
  void ended.then(() => {
    isOver = true;
  });
  while (!isOver) {
    peak = Math.max(peak, peakOf(child));
    if (stop()) child.kill("SIGKILL");
    await Promise.race([ended, pause(50)]);
  }
  return { code: await ended, stdout, seconds: (performance.now() - started) / 1000, peak };
}

/** Images a second that `fovea bench infer` tells. */
async function benchmark(model: string): Promise<number> {
  const { stdout } = await fovea(["bench", "infer", "--model", model, "--batch-size", "128"]);
  return (JSON.parse(stdout) as { images_per_second: number }).images_per_second;
}

/** Throughput of a model that takes longer over an image than its decoding. */
async function measureSlowModel(name: keyof typeof SLOW): Promise<void> {
  const list = Array.from({ length: Math.min(SLOW[name], images) }, (_, n) => n);
  const path = (n: number): string =>
    join("images", String(Math.floor(n / 1000)).padStart(4, "0"), `${String(n).padStart(7, "0")}.bmp`);
  writeFileSync(at("some.txt"), list.map(path).join("\n"));
  const best = await benchmark(name);
  const { code, seconds } = await fovea(["score", at(`${name}.keras`), at("some.txt"), "--out", at(`${name}.${form}`)]);
  if (code !== 0) throw new Error(`score ended with ${code}; take a fresh folder`);
  const perSecond = list.length / seconds;
  console.log(
    `${name}: ${list.length} images in ${seconds.toFixed(1)} s with its start, ${perSecond.toFixed(0)} a second ` +
      `(bench infer: ${best.toFixed(0)}, ${(perSecond / best).toFixed(2)} of it)`,
  );
}

const at = (name: string): string => join(folder, name);
const score = (out: string, ...more: string[]): string[] => [
  "score",
  at("model.keras"),
  at("images"),
  "--out",
  at(out),
  ...more,
];
const hash = (name: string): string =>
  createHash("sha256")
    .update(readFileSync(at(name)))
    .digest("hex");

mkdirSync(folder, { recursive: true });
await prepare();
for (const name of Object.keys(SLOW) as (keyof typeof SLOW)[]) await measureSlowModel(name);
const best = await benchmark("cnn");
const whole = await fovea(score(`whole.${form}`));
if (whole.code !== 0) throw new Error(`score ended with ${whole.code}`);
const perSecond = images / whole.seconds;
console.log(
  `one process: ${images} images in ${whole.seconds.toFixed(1)} s, ${perSecond.toFixed(0)} a second ` +
    `(bench infer: ${best.toFixed(0)}, ${(perSecond / best).toFixed(2)} of it), peak ${whole.peak.toFixed(0)} MB`,
);
const random = new Random(7, 2);
const doomed = new Map<number, number>();
while (doomed.size < Math.min(killed, shards)) doomed.set(1 + random.integer(shards), random.uniform());
const sharded = performance.now();
let peak = 0;
const parts: string[] = [];
for (let index = 1; index <= shards; index++) {
  const part = `part-${index}.${form}`;
  const command = score(part, "--shard", `${index}/${shards}`);
  const share = doomed.get(index);
  if (share !== undefined) {
    // Rows of a block take about as much as those of any other.
    const size = (): number => statSync(at(`${part}.progress`), { throwIfNoEntry: false })?.size ?? 0;
    const stopAt = (share * images * 900) / shards;
    const ended = await fovea(command, () => size() > stopAt);
    console.log(`shard ${index}: ${ended.code === null ? "killed" : "ended"} with ${size()} bytes of progress`);
  }
  const ended = await fovea(command);
  if (ended.code !== 0) throw new Error(`shard ${index} ended with ${ended.code}`);
  peak = Math.max(peak, ended.peak);
  if (share !== undefined) {
    const { resumed, rows } = JSON.parse(ended.stdout) as { resumed: number; rows: number };
    console.log(`shard ${index}: run again, ${resumed} of ${rows} rows were there`);
  }
  parts.push(at(part));
}
const seconds = (performance.now() - sharded) / 1000;
const merged = await fovea(["score", "merge", ...parts, "--out", at(`merged.${form}`)]);
const same = hash(`merged.${form}`) === hash(`whole.${form}`);
console.log(
  `${shards} shards, ${doomed.size} killed and run again: ${seconds.toFixed(1)} s, peak ${peak.toFixed(0)} MB; merged in ` +
    `${merged.seconds.toFixed(1)} s, peak ${merged.peak.toFixed(0)} MB; ${same ? "the same bytes as one process" : "OTHER BYTES"}`,
);
process.exitCode = same && merged.code === 0 ? 0 : 1;
