// The full counts behind the tests of processes that meet or are killed, with the command line itself: simultaneous
// starts of runs, simultaneous pulls of one file, and kills (SIGKILL) aimed at the moment in which an export, a cached
// file or a file of the store is written. `node dist/tools/measure-kills.js [starts] [pulls] [kills]`; by default 200, 20
// and 30. Ends with 1 when a folder was shared, a pull failed, an export was mixed, or something was left.
import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { imageNetApplication } from "../src/applications/imagenet/index.js";
import { weightFileFor } from "../src/experiment/pretrained/weights-store.js";
import { hdf5Tree, saveKeras, writeHdf5 } from "../src/formats/index.js";
import { sequential } from "../src/index.js";
import { dense, flatten, input, rescaling } from "../src/nn/layers/index.js";
import { startPair } from "../test/faults/pairs.js";

const [starts = 200, pulls = 20, kills = 30] = process.argv.slice(2).map(Number);
const main = fileURLToPath(new URL("../command/main.js", import.meta.url));
const directory = mkdtempSync(join(tmpdir(), "fovea-kills-"));
const variant = { alpha: 0.25, size: 128, includeTop: false } as const;
const known = weightFileFor("mobilenet", variant);
const typed = ["mobilenet", "--alpha", "0.25", "--size", "128", "--no-top"];
let faults = 0;

function report(what: string, good: boolean, detail: string): void {
  if (!good) faults++;
  console.log(`${what}: ${detail}${good ? "" : "  <-- wrong"}`);
}

const start = (args: readonly string[], env: Record<string, string> = {}): ChildProcess =>
  spawn(process.execPath, [main, ...args], { cwd: directory, env: { ...process.env, ...env }, stdio: "ignore" });

const end = (child: ChildProcess): Promise<number | null> =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve(child.exitCode)
    : new Promise((resolve) => child.once("exit", resolve));

/** Everything below a folder with its size and inode, and a hash of names and contents. */
function entriesOf(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).flatMap((name) => {
    const facts = statSync(join(folder, name), { throwIfNoEntry: false });
    return facts === undefined ? [] : [`${name} ${facts.size} ${facts.ino}`];
  });
}

/** The one thing in an export of Teachable Machine's form that differs from one to the next. */
const TIME = /"timeStamp":\s*"[^"]*"/;

function hashOf(folder: string): string {
  const hash = createHash("sha256");
  for (const name of existsSync(folder) ? readdirSync(folder).sort() : [])
    if (!name.startsWith("."))
      hash.update(`${name}\n`).update(readFileSync(join(folder, name), "latin1").replace(TIME, ""));
  return hash.digest("hex").slice(0, 8);
}

/** Kills a command once the folder has changed so many times since it began. @returns whether it was killed. */
async function killAtChange(child: ChildProcess, folder: string, changes: number): Promise<boolean> {
  let last = entriesOf(folder).join();
  let seen = 0;
  while (child.exitCode === null && seen < changes) {
    await pause(0);
    const now = entriesOf(folder).join();
    if (now !== last) seen++;
    last = now;
  }
  const killed = child.exitCode === null && child.kill("SIGKILL");
  await end(child);
  return killed;
}

const leftovers = (folder: string): string[] =>
  !existsSync(folder)
    ? []
    : readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
        /(^|[/\\])\..*(\.tmp|\.old|lock)$|\.(lock|part|break)(\.json)?$/.test(name),
      );

async function startsOfRuns(): Promise<void> {
  const pair = await startPair();
  let [shared, refused] = [0, 0];
  for (let i = 0; i < starts!; i++) {
    const [a, b] = await pair.both({ base: join(directory, "runs", `r${i}`) });
    if (a.error !== undefined || b.error !== undefined) refused++;
    else if (a.path === b.path) shared++;
  }
  pair.end();
  report(`${starts} pairs of run starts`, shared + refused === 0, `${shared} shared a folder, ${refused} were refused`);
}

/** Keras's form of the weights of the smallest known network, with all numbers a little other for each version. */
async function weightsFile(version: number): Promise<Uint8Array> {
  const { layers } = imageNetApplication(known.model).build(known.options);
  const datasets = layers.flatMap((layer) =>
    layer.weights.map(({ path, contents }) => {
      const data = contents.data.map((value) => value + version);
      return [`${layer.name}/${path}:0`, { ...contents, data }] as const;
    }),
  );
  const names = layers.map((layer) => [layer.name, { weight_names: layer.weights.map(({ path }) => `${path}:0`) }]);
  const attributes = { "": { layer_names: layers.map(({ name }) => name) }, ...Object.fromEntries(names) };
  return writeHdf5(hdf5Tree(Object.fromEntries(datasets), attributes));
}

async function pairsOfPulls(bytes: Uint8Array): Promise<void> {
  const server = createServer((_, response) => {
    response.writeHead(200, { etag: '"1"', "content-length": bytes.length });
    response.write(bytes.subarray(0, bytes.length / 2), () =>
      setTimeout(() => response.end(bytes.subarray(bytes.length / 2)), 50),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const mirror = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let [failed, wrong, left] = [0, 0, 0];
  for (let i = 0; i < pulls!; i++) {
    const home = join(directory, `pull${i}`);
    const pull = (): Promise<number | null> =>
      end(start(["weights", "pull", ...typed, "--from", mirror], { FOVEA_HOME: home }));
    failed += (await Promise.all([pull(), pull()])).filter((code) => code !== 0).length;
    if (!Buffer.from(bytes).equals(readFileSync(join(home, "weights", known.file)))) wrong++;
    left += leftovers(home).length;
  }
  server.close();
  report(
    `${pulls} pairs of pulls of one file`,
    failed + wrong + left === 0,
    `${failed} of ${2 * pulls!} failed, ${wrong} files are wrong, ${left} leftovers`,
  );
}

async function killsOfExports(): Promise<void> {
  const models = await Promise.all(
    [1, 2].map(async (seed) => {
      const layers = [
        input([32, 32, 1]),
        rescaling(1 / 255),
        flatten(),
        dense(400),
        dense(5, { activation: "softmax" }),
      ];
      const classNames = [..."abcde"].map((letter) => `${letter}${seed}`);
      const preprocessing = { imageSize: [32, 32], color: "grayscale", interpolation: "lanczos" } as const;
      const bytes = await saveKeras(sequential(layers, { seed }), { facts: { version: 1, classNames, preprocessing } });
      writeFileSync(join(directory, `${seed}.keras`), bytes);
      return `${seed}.keras`;
    }),
  );
  const parent = join(directory, "exports");
  mkdirSync(parent);
  let [mixed, absent, left, killed] = [0, 0, 0, 0];
  for (const format of ["tfjs", "teachable"]) {
    const web = join(parent, format);
    const convert = (model: string): ChildProcess => start(["convert", model, web, "--to", format]);
    const hashes: string[] = [];
    for (const model of models) {
      await end(convert(model));
      hashes.push(hashOf(web));
    }
    for (let i = 0; i < kills! / 2; i++) {
      if (await killAtChange(convert(models[i % 2]!), parent, 1 + (i % 7))) killed++;
      const now = hashOf(web);
      if (!existsSync(web)) absent++;
      else if (!hashes.includes(now)) mixed++;
      await end(convert(models[i % 2]!));
      if (hashOf(web) !== hashes[i % 2]) mixed++;
      left += leftovers(parent).length + readdirSync(parent).length - (format === "tfjs" ? 1 : 2);
    }
  }
  report(
    `${kills} kills of exports over exports`,
    mixed + left === 0,
    `${killed} hit, ${mixed} mixed, ${absent} without a folder until the next export, ${left} leftovers after it`,
  );
}

async function killsOfCache(): Promise<void> {
  await end(start(["synth", "hanzi", "--out", "photos", "--scale", "0.02"]));
  const cache = join(directory, "cache");
  mkdirSync(cache);
  const train = ["train", "photos", "--model", "logistic", "--epochs", "1", "--quiet", "--threads", "1"];
  let [killed, damaged, left] = [0, 0, 0];
  for (let i = 0; i < kills!; i++) {
    rmSync(cache, { recursive: true });
    mkdirSync(cache);
    const args = [...train, "--out", `cached${i}`];
    if (await killAtChange(start(args, { FOVEA_CACHE: cache }), cache, 1 + (i % 3))) killed++;
    rmSync(join(directory, `cached${i}`), { recursive: true, force: true });
    if ((await end(start(args, { FOVEA_CACHE: cache }))) !== 0) damaged++;
    left += leftovers(cache).length + leftovers(join(directory, `cached${i}`)).length;
  }
  report(
    `${kills} kills while the cache is written`,
    damaged + left === 0,
    `${killed} hit, ${damaged} runs failed after it, ${left} leftovers`,
  );
}

async function killsOfStore(versions: readonly Uint8Array[]): Promise<void> {
  const home = join(directory, "store");
  const store = join(home, "weights");
  mkdirSync(store, { recursive: true });
  versions.forEach((bytes, i) => {
    writeFileSync(join(directory, `v${i}.h5`), bytes);
  });
  const add = (i: number): ChildProcess =>
    start(["weights", "add", `v${i}.h5`, "--model", ...typed], { FOVEA_HOME: home });
  await end(add(0));
  let [killed, lost, left] = [0, 0, 0];
  for (let i = 0; i < kills!; i++) {
    if (await killAtChange(add((i + 1) % 2), store, 1 + (i % 7))) killed++;
    const there = existsSync(join(store, known.file)) && readFileSync(join(store, known.file));
    const isWhole = there !== false && versions.some((bytes) => there.equals(bytes));
    const verified = await end(start(["weights", "verify"], { FOVEA_HOME: home }));
    const found = await end(start(["weights", "where", ...typed], { FOVEA_HOME: home }));
    if (!isWhole || verified !== 0 || found !== 0) lost++;
    await end(add((i + 1) % 2));
    left += leftovers(home).length + readdirSync(store).length - 2;
  }
  report(
    `${kills} kills of weights added over others`,
    lost + left === 0,
    `${killed} hit, ${lost} lost or unreadable, ${left} leftovers`,
  );
}

try {
  const versions = [await weightsFile(0), await weightsFile(1)];
  await startsOfRuns();
  await pairsOfPulls(versions[0]!);
  await killsOfExports();
  await killsOfStore(versions);
  await killsOfCache();
} finally {
  rmSync(directory, { recursive: true, force: true });
}
process.exitCode = faults === 0 ? 0 : 1;
