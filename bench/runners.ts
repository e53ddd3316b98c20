// Runners of measurements: their names, their commands, and a check that they are installed. Measurements: plan.ts.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { hasAvx512 } from "./machine.js";
import type { Answer, Spec } from "./spec.js";

/** The repository's root, seen from dist/bench. */
const root = fileURLToPath(new URL("../../", import.meta.url));

interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface Runner {
  readonly name: string;
  /** Name and version. @throws Error saying why it is not there. */
  readonly find: () => string;
  readonly command: (spec: Spec) => Command;
  /** The difference of this spec from others of the same runner, for tables. */
  readonly setting: (spec: Spec) => string;
  readonly needsOnnx?: boolean;
}

/** Paths of the Pythons to measure. */
export interface Pythons {
  /** Has what python/requirements.txt lists. */
  readonly main: string;
  /** Another one, whose PyTorch is measured beside the first. */
  readonly other: string;
}

const threads = ({ threads }: Spec): string => (threads === 1 ? "1 thread" : `${threads} threads`);

const readVersion = (file: string): string =>
  (JSON.parse(readFileSync(file, "utf8")) as { readonly version: string }).version;

const ours: Runner = {
  name: "Fovea",
  find: () => `Fovea ${readVersion(`${root}package.json`)}`,
  command: (spec) => ({ file: process.execPath, args: [`${root}dist/bench/ours/main.js`, JSON.stringify(spec)] }),
  setting: (spec) => `${spec.mode}, ${threads(spec)}`,
};

function npmPeer(name: string, title: string, script: string, setting: Runner["setting"], needsOnnx = false): Runner {
  return {
    name: title,
    find: () => {
      const file = `${root}bench/node_modules/${name}/package.json`;
      if (!existsSync(file)) throw new Error("not installed; npm ci --prefix bench installs it");
      return `${title} ${readVersion(file)}`;
    },
    command: (spec) => ({
      file: process.execPath,
      args: [`${root}bench/peers/${script}.mjs`, JSON.stringify(spec), name],
    }),
    setting,
    needsOnnx,
  };
}

/** Without the path, which is nobody's business but the user's. */
const doesNotStart = ({ code }: NodeJS.ErrnoException): Error => new Error(`the program does not start (${code})`);

/** The version of the first of several packages that Python has, without what it was built for. */
function pythonVersion(python: string, ...packages: readonly string[]): string {
  const program = `
import importlib.metadata as metadata, sys
for name in sys.argv[1:]:
    try: print(metadata.version(name)); break
    except metadata.PackageNotFoundError: pass
else: sys.exit("no " + " or ".join(sys.argv[1:]) + " in this Python")`;
  const { error, status, stdout, stderr } = spawnSync(python, ["-c", program, ...packages], { encoding: "utf8" });
  if (error !== undefined) throw doesNotStart(error);
  if (status !== 0) throw new Error(complaint(stderr));
  return stdout.trim().replace(/\+.*/, "");
}

/** glibc keeps its pages instead of giving them back after every step, and PyTorch uses what the processor has. */
export const tunedTorch = (spec: Spec): Record<string, string> => ({
  MALLOC_MMAP_THRESHOLD_: String(2 ** 32),
  MALLOC_TRIM_THRESHOLD_: String(2 ** 34),
  MALLOC_TOP_PAD_: String(2 ** 28),
  OMP_NUM_THREADS: String(spec.threads),
  ...(hasAvx512() ? { ATEN_CPU_CAPABILITY: "avx512" } : {}),
});

const torch = (python: string): Runner => ({
  name: "PyTorch",
  find: () => `PyTorch ${pythonVersion(python, "torch")}`,
  command: (spec) => ({
    file: python,
    args: [`${root}bench/python/torch_bench.py`, JSON.stringify(spec)],
    env: spec.tuned ? tunedTorch(spec) : {},
  }),
  setting: (spec) => (spec.tuned ? `tuned, ${threads(spec)}` : "as installed"),
});

const keras = (python: string, backend: string, title: string, ...packages: readonly string[]): Runner => ({
  name: `Keras on ${title}`,
  find: () => `Keras ${pythonVersion(python, "keras")} on ${title} ${pythonVersion(python, ...packages)}`,
  command: (spec) => ({
    file: python,
    args: [`${root}bench/python/keras_bench.py`, JSON.stringify(spec)],
    env: { KERAS_BACKEND: backend, TF_CPP_MIN_LOG_LEVEL: "3" },
  }),
  setting: () => "as installed",
});

export type RunnerId = keyof ReturnType<typeof runners>;

export const runners = (pythons: Pythons) => ({
  ours,
  tfjs: npmPeer("@tensorflow/tfjs-backend-wasm", "TensorFlow.js wasm", "tfjs", () => "1 thread"),
  ortWeb: npmPeer("onnxruntime-web", "onnxruntime-web", "onnxruntime", threads, true),
  ortNode: npmPeer("onnxruntime-node", "onnxruntime-node", "onnxruntime", threads, true),
  jaxJs: npmPeer("@jax-js/jax", "jax-js", "jax-js", () => "wasm"),
  torch: torch(pythons.main),
  otherTorch: torch(pythons.other),
  kerasTorch: keras(pythons.main, "torch", "PyTorch", "torch"),
  kerasTensorflow: keras(pythons.main, "tensorflow", "TensorFlow", "tensorflow-cpu", "tensorflow"),
});

const lastLine = (text: string): string => text.trim().split("\n").at(-1)!.trim();

/** The error that ended a program: Node names it above its stack, Python below. */
const complaint = (text: string): string => /^\w*Error: .*/m.exec(text)?.[0] ?? (lastLine(text) || "it said nothing");

/** Runs a command to its end. @throws Error with its complaint when it fails or takes longer than `limitMs`. */
function lastLineOf({ file, args, env }: Command, limitMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
    const said = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"] as const)
      child[stream].setEncoding("utf8").on("data", (text: string) => {
        said[stream] += text;
      });
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill("SIGKILL");
    }, limitMs);
    child.on("error", (error) => reject(doesNotStart(error)));
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      if (code === 0) resolve(lastLine(said.stdout));
      else if (late) reject(new Error(`stopped after ${limitMs / 1000} s`));
      else reject(new Error(signal === null ? complaint(said.stderr) : `ended by ${signal}`));
    });
  });
}

/** Measures in a process of its own. @throws Error with the child's complaint. */
export async function run(runner: Runner, spec: Spec): Promise<Answer> {
  return JSON.parse(await lastLineOf(runner.command(spec), 120_000 + 4000 * spec.seconds)) as Answer;
}

/** Writes the spec's network to `spec.onnx`. @throws Error with Python's complaint. */
export async function writeOnnx({ main }: Pythons, spec: Spec): Promise<void> {
  await lastLineOf({ file: main, args: [`${root}bench/python/export_onnx.py`, JSON.stringify(spec)] }, 120_000);
}
