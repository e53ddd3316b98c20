// @ts-check
// Slowdown of a training step while two other programs keep the cores busy: Fovea and tuned PyTorch, one after the
// other in each round, quiet and with the busy programs beside. `node bench/contention.mjs [rounds]`; the Python with
// PyTorch is FOVEA_PYTHON, or bench/.venv's. `--builds A,B` compares builds of Fovea (folders with a dist) in place of it.
import { execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const root = fileURLToPath(new URL("..", import.meta.url));
const { values, positionals } = parseArgs({
  options: { builds: { type: "string" }, threads: { type: "string" }, seconds: { type: "string", default: "4" } },
  allowPositionals: true,
});
const rounds = Number(positionals[0] ?? 5);
const threads = Number(values.threads ?? availableParallelism());
const python = process.env.FOVEA_PYTHON ?? `${root}bench/.venv/bin/python`;

/** The lecture's CNN, a batch of 128 images. */
const spec = {
  ...{ task: "train", model: "cnn", image: [80, 60, 1], classes: 55, batch: 128, mode: "reproducible", tuned: true },
  ...{ threads, warmUp: 5, steps: 10_000, seconds: Number(values.seconds) },
};

/** @typedef {{ name: string, file: string, args: string[], env: Record<string, string> }} Runner */
/** @type {(folder: string, name: string) => Runner} */
const fovea = (folder, name) => ({
  ...{ name, file: process.execPath, env: {} },
  args: [`${folder}/dist/bench/ours/main.js`, JSON.stringify(spec)],
});
if (values.builds === undefined) execFileSync("npm", ["run", "--silent", "build"], { cwd: root, stdio: "inherit" });
const runners = values.builds?.split(",").map((folder) => fovea(folder, folder)) ?? [fovea(root, "Fovea")];
if (values.builds === undefined && existsSync(python)) {
  const { tunedTorch } = await import("../dist/bench/runners.js");
  const args = [`${root}bench/python/torch_bench.py`, JSON.stringify(spec)];
  runners.push({ name: "PyTorch, tuned", file: python, args, env: tunedTorch(spec) });
} else if (values.builds === undefined) console.log(`PyTorch is left out: ${python} is not there (FOVEA_PYTHON)`);

/** @type {(numbers: readonly number[]) => number} */
const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;

/** The times of the steps of one process, in milliseconds. @type {(runner: Runner) => number[]} */
function timesOf({ file, args, env }) {
  const out = execFileSync(file, args, {
    env: { ...process.env, ...env },
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  return JSON.parse(out.trim().split("\n").at(-1) ?? "").times;
}

/** @type {<T>(work: () => T) => T} */
function besideBusyPrograms(work) {
  const busy = [0, 1].map(() => spawn(process.execPath, ["-e", "for(;;);"], { stdio: "ignore" }));
  try {
    return work();
  } finally {
    for (const program of busy) program.kill("SIGKILL");
  }
}

/** @type {Map<string, { quiet: number[], busy: number[] }>} */
const results = new Map(runners.map(({ name }) => [name, { quiet: [], busy: [] }]));
for (let round = 1; round <= rounds; round++)
  for (const runner of round % 2 === 0 ? [...runners].reverse() : runners) {
    const { quiet, busy } = /** @type {{ quiet: number[], busy: number[] }} */ (results.get(runner.name));
    const alone = timesOf(runner);
    const beside = besideBusyPrograms(() => timesOf(runner));
    quiet.push(...alone);
    busy.push(...beside);
    console.log(
      `round ${round}, ${runner.name}: quiet ${median(alone).toFixed(1)} ms (least ${Math.min(...alone).toFixed(1)}), ` +
        `beside two busy programs ${median(beside).toFixed(1)} ms, ${(median(beside) / median(alone)).toFixed(2)} times`,
    );
  }
for (const [name, { quiet, busy }] of results)
  console.log(
    `${name}: a step takes ${median(quiet).toFixed(1)} ms (least ${Math.min(...quiet).toFixed(1)}), beside two busy ` +
      `programs ${median(busy).toFixed(1)} ms (median of ${busy.length}): ${(median(busy) / median(quiet)).toFixed(2)} times as long`,
  );
