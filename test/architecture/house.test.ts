// The house rules of ARCHITECTURE.md, enforced: imports point downwards, no cycles, no swollen files.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { longFunctions } from "./long-functions.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const src = join(root, "src");

/** Parts of the composition root are named each, so that nothing else of it is loaded; types may come from its index. */
const BELOW_EXPERIMENT = [
  ...["core", "platform", "nn", "data", "formats", "applications", "explain", "forensics", "report", "tune"],
  ...["default-backend", "known-models", "loading", "index"],
];

/**
 * Rooms that a room may import from, itself excepted. `index` is the composition root, src/index.ts, of which
 * `default-backend`, `known-models`, `callbacks`, `loading`, `file-formats`, `file-systems` and `model-files` are
 * parts. A longer name is a file of a room.
 */
const ALLOWED: Record<string, readonly string[]> = {
  core: [],
  platform: ["core"],
  compile: ["core"],
  backends: ["core", "compile", "platform"],
  nn: ["core", "compile", "backends/contract", "platform"],
  // Containers and JSON are the ground floor of formats and know bytes only: a zip of images is a source.
  data: ["core", "platform", "formats/containers/zip-members", "formats/json"],
  forensics: ["core", "platform", "data"],
  formats: ["core", "platform", "nn"],
  applications: ["core", "nn", "platform"],
  report: ["core", "platform", "nn/metrics/confusion-matrix", "forensics/dossier"],
  explain: ["core", "nn"],
  tune: ["core", "platform"],
  "model-files": ["core", "platform", "nn", "formats"],
  loading: ["nn", "formats", "default-backend", "model-files"],
  "file-formats": ["formats", "loading"],
  "file-systems": ["platform"],
  "default-backend": ["backends", "nn", "platform", "model-files"],
  "known-models": ["nn", "applications", "default-backend"],
  testing: ["core", "backends", "nn", "tune", "default-backend"],
  callbacks: ["core", "platform", "nn", "formats"],
  index: [
    ...["core", "platform", "nn", "formats", "backends/contract"],
    ...["callbacks", "default-backend", "known-models", "loading", "model-files"],
  ],
  experiment: [...BELOW_EXPERIMENT],
  service: ["core", "platform", "nn", "data", "formats", "default-backend", "experiment"],
  cli: [...BELOW_EXPERIMENT, "experiment", "service"],
};

/**
 * Sub-rooms that a sub-room may import from, itself excepted; `""` are the files of the room beside its sub-rooms. Floors
 * are as DESIGN section 3 draws them.
 */
const SUBROOMS: Record<string, Record<string, readonly string[]>> = {
  core: {
    "": ["error-codes", "functions", "graph", "ops", "statistics"],
    "error-codes": [],
    graph: [""],
    ops: ["", "graph"],
    functions: ["", "graph", "ops"],
    statistics: [""],
  },
  nn: {
    "": ["callbacks", "config", "initializers", "layers", "losses", "metrics", "model", "optimizers", "serialization"],
    config: [],
    initializers: ["config"],
    losses: ["config"],
    metrics: ["config", "losses"],
    optimizers: ["config"],
    layers: ["", "config", "initializers"],
    model: ["callbacks", "config", "layers", "losses", "metrics", "optimizers"],
    callbacks: ["config", "model"],
    serialization: ["config", "layers", "losses", "metrics", "model", "optimizers"],
  },
  forensics: {
    "": ["record", "signal", "metadata", "credentials", "jpeg", "pixels"],
    record: [],
    metadata: ["record"],
    credentials: ["record", "metadata"],
    signal: ["record"],
    jpeg: ["record", "signal"],
    pixels: ["record", "signal", "jpeg"],
  },
  formats: {
    "": ["containers", "models", "run"],
    containers: [""],
    run: ["", "containers"],
    models: ["", "containers", "run"],
  },
  experiment: {
    "": [
      "health",
      "inspection",
      "journal",
      "data",
      "tasks",
      "recipe",
      "models",
      "pretrained",
      "training",
      "transfer",
      "run",
      "explain",
      "trust",
      "tune",
      "watch",
      "decisions",
      "signals",
      "monitor",
      "compare",
      "slices",
      "certificate",
      "card",
      "scoring",
      "deploy",
      "verification",
      "budget",
    ],
    budget: ["data", "models", "recipe", "run", "tasks", "transfer"],
    deploy: ["card", "models", "run", "trust"],
    card: ["certificate", "data", "recipe", "run", "tasks", "trust"],
    certificate: ["data", "run", "training"],
    slices: ["data", "tasks", "trust"],
    decisions: ["models"],
    scoring: ["data", "decisions", "models", "tasks"],
    signals: ["models", "pretrained"],
    compare: ["recipe", "run", "tasks"],
    monitor: ["data", "decisions", "journal", "models", "recipe", "run", "signals", "tasks", "training"],
    inspection: ["journal"],
    health: ["data", "journal", "models", "pretrained", "recipe", "tasks", "training", "transfer"],
    journal: [],
    tasks: [],
    data: ["journal", "tasks"],
    recipe: ["data", "tasks"],
    models: ["data", "journal", "recipe", "tasks", "trust"],
    pretrained: ["data", "models", "recipe", "tasks"],
    training: ["data", "models", "recipe", "tasks", "trust"],
    tune: ["data", "journal", "models", "recipe", "tasks", "training"],
    transfer: ["data", "models", "pretrained", "recipe", "tasks", "training"],
    run: [
      "data",
      "journal",
      "models",
      "pretrained",
      "recipe",
      "signals",
      "slices",
      "tasks",
      "training",
      "transfer",
      "trust",
    ],
    explain: ["data", "models", "recipe", "run", "tasks"],
    verification: ["data", "models", "tasks"],
    trust: ["tasks"],
    watch: ["data"],
  },
};

/** Files over the soft cap of 400 lines that are generated tables, with the script that makes them. */
const GENERATED: Record<string, string> = {
  "data/generators/other-hanzi-medians.ts": "tools/hanzi-medians.ts",
};

const files = readdirSync(src, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => file.replaceAll("\\", "/"))
  .sort();

function importsOf(file: string): string[] {
  const text = readFileSync(join(src, file), "utf8");
  const found = text.matchAll(/(?:from\s+|import\s*\(\s*|import\s+|new URL\(\s*)"(\.[^"]+)"/g);
  return [...found].map((match) => {
    const target = resolve(dirname(join(src, file)), match[1]!).replace(/\.js$/, ".ts");
    return relative(src, target).replaceAll("\\", "/");
  });
}

const roomOf = (file: string): string => (file.includes("/") ? file.split("/")[0]! : file.replace(/\.ts$/, ""));

test("imports point downwards only", () => {
  const wrong: string[] = [];
  for (const file of files) {
    const from = roomOf(file);
    const allowed = ALLOWED[from];
    assert.ok(allowed, `src/${file} is in no known room; the rooms are ${Object.keys(ALLOWED).join(", ")}`);
    for (const target of importsOf(file)) {
      if (target.startsWith("..") || !target.endsWith(".ts")) continue;
      assert.ok(existsSync(join(src, target)), `src/${file} imports ${target}, which does not exist`);
      const to = roomOf(target);
      if (
        to !== from &&
        !allowed.some((room) => room === to || target.startsWith(`${room}.ts`) || target === `${room}.ts`)
      )
        wrong.push(`src/${file} -> src/${target}`);
    }
  }
  assert.deepEqual(wrong, []);
});

const subroomOf = (file: string): string => (file.split("/").length > 2 ? file.split("/")[1]! : "");

test("imports point downwards within rooms that have floors", () => {
  const wrong: string[] = [];
  for (const file of files) {
    const room = roomOf(file);
    const floors = SUBROOMS[room];
    if (floors === undefined) continue;
    const from = subroomOf(file);
    const allowed = floors[from];
    assert.ok(allowed, `src/${file} is in no known sub-room of ${room}/`);
    for (const target of importsOf(file)) {
      if (!target.startsWith(`${room}/`)) continue;
      const to = subroomOf(target);
      if (to !== from && !allowed.includes(to)) wrong.push(`src/${file} -> src/${target}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test("containers know bytes only, so that whoever reads bytes may use them", () => {
  const wrong = files.flatMap((file) =>
    file.startsWith("formats/containers/")
      ? importsOf(file)
          .filter((target) => !/^(core|platform|formats\/containers)\/|^formats\/json\.ts$/.test(target))
          .map((target) => `src/${file} -> src/${target}`)
      : [],
  );
  assert.deepEqual(wrong, []);
});

test("the command line and services know experiment/ by its faces only", () => {
  const wrong = files.flatMap((file) =>
    ["cli", "service"].includes(roomOf(file))
      ? importsOf(file)
          .filter((target) => target.startsWith("experiment/") && !/^experiment\/(\w+\/)?index\.ts$/.test(target))
          .map((target) => `src/${file} -> src/${target}`)
      : [],
  );
  assert.deepEqual(wrong, []);
});

/** Files that are loaded with a file: those that it imports for more than their types, and no dynamic import. */
function loadedWith(file: string): Set<string> {
  const seen = new Set([file]);
  for (const path of seen) {
    const text = readFileSync(join(src, path), "utf8");
    for (const [, target] of text.matchAll(/^(?:import|export) (?!type )[^;]*?"(\.[^"]+)\.js";/gm))
      seen.add(relative(src, resolve(dirname(join(src, path)), `${target}.ts`)).replaceAll("\\", "/"));
  }
  return seen;
}

const ROOMS_OF_NETWORKS = ["nn", "compile", "backends", "applications", "explain", "tune"];

/** Rooms that commands start without: a command starts in the time that its files take to load. */
const STARTS_WITHOUT: Record<string, readonly string[]> = {
  "cli/main.ts": [...ROOMS_OF_NETWORKS, "data", "formats/models", "report/pages", "experiment"],
  "cli/commands/inspect.ts": [...ROOMS_OF_NETWORKS, "report/pages"],
  "cli/commands/train.ts": ["explain", "tune", "report/pages", "formats/models/onnx", "experiment/transfer"],
  "cli/commands/predict.ts": [
    "tune",
    "report/pages",
    "formats/models/onnx/import",
    "experiment/run",
    "experiment/transfer",
  ],
};

test("commands load what they use when it is needed", () => {
  const wrong = Object.entries(STARTS_WITHOUT).flatMap(([file, rooms]) =>
    [...loadedWith(file)]
      .filter((loaded) => rooms.some((room) => loaded.startsWith(`${room}/`) || loaded === `${room}.ts`))
      .map((loaded) => `src/${file} loads src/${loaded}`),
  );
  assert.deepEqual(wrong, []);
});

test("no import cycles", () => {
  const state = new Map<string, "open" | "done">();
  const walk = (file: string, path: string[]): void => {
    if (state.get(file) === "done" || !files.includes(file)) return;
    assert.notEqual(state.get(file), "open", `cycle: ${[...path.slice(path.indexOf(file)), file].join(" -> ")}`);
    state.set(file, "open");
    for (const target of importsOf(file)) walk(target, [...path, file]);
    state.set(file, "done");
  };
  for (const file of files) walk(file, []);
});

test("no file grows past 400 lines", () => {
  const long = files
    .map((file) => ({ file, lines: readFileSync(join(src, file), "utf8").split("\n").length }))
    .filter(({ file, lines }) => lines > 400 && !(file in GENERATED))
    .map(({ file, lines }) => `src/${file}: ${lines}`);
  assert.deepEqual(long, [], "split these");
});

test("no function grows past 100 lines", () => {
  const long = longFunctions(
    files.map((file) => join(src, file)),
    1000,
  );
  assert.deepEqual(long, [], "split these");
});

test("every source file says what it is responsible for", () => {
  const silent = files.filter((file) => !/^(#!.*\n)?(\/\/|\/\*)/.test(readFileSync(join(src, file), "utf8")));
  assert.deepEqual(silent, [], "add a header comment of two to six lines");
});

test("only platform/, cli/ and backends' worker entries name Node", () => {
  const wrong = files.filter(
    (file) =>
      !/^(platform|cli)\//.test(file) && /from "node:|import\("node:/.test(readFileSync(join(src, file), "utf8")),
  );
  assert.deepEqual(wrong, []);
});

test("ARCHITECTURE.md is a map of two pages, and each room has a page beside it", () => {
  const map = readFileSync(join(root, "ARCHITECTURE.md"), "utf8");
  assert.ok(map.split("\n").length <= 110, "the map grows past two pages; tell it on the room's page");
  for (const room of new Set(files.filter((file) => file.includes("/")).map(roomOf))) {
    assert.ok(existsSync(join(src, room, "README.md")), `src/${room}/README.md`);
    assert.ok(map.includes(`(src/${room}/README.md)`), `the map leads to src/${room}/README.md`);
  }
});

test("only platform/ reads the environment", () => {
  const wrong = files.filter(
    (file) => !file.startsWith("platform/") && /\bprocess\.env\b/.test(readFileSync(join(src, file), "utf8")),
  );
  assert.deepEqual(wrong, []);
});
