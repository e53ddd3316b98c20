// The examples of docs/scoring.md and docs/serving.md: each command line is one that the program takes, and where Ray is
// installed its program runs as it stands there. A process that is killed (SIGKILL) goes on, as the page says.
import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Command } from "commander";
import * as score from "../../src/cli/commands/score.js";
import * as serve from "../../src/cli/commands/serve.js";
import { shardOf } from "../../src/experiment/scoring/index.js";
import { modelSpec } from "../../src/service/index.js";
import { png, writePhotoModel } from "../service/made-service.js";
import { fovea, start, workplace } from "./fovea.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const page = (name: string): string => readFileSync(join(root, "docs", name), "utf8");
const blocks = (text: string): string[] => [...text.matchAll(/```\w*\n([\s\S]*?)```/g)].map(([, code]) => code!);

/** Words of a command line, from `fovea` on: a list of JSON, or text of a shell. */
function commandsIn(text: string): string[][] {
  return blocks(text).flatMap((code) =>
    code.split("\n").flatMap((line): string[][] => {
      const list = /\[("fovea".*)\]/.exec(line);
      // Formatted strings of Python: f"{shard}/{count}".
      if (list !== null)
        return line.includes("*[") ? [] : [JSON.parse(`[${list[1]!.replaceAll(', f"', ', "')}]`) as string[]];
      const typed = /(?:^|[\s/])fovea ((?:score|serve) .*)$/.exec(line);
      return typed === null ? [] : [["fovea", ...typed[1]!.replace(/ :::.*| > .*/, "").split(" ")]];
    }),
  );
}

/** The options that a command takes from its words. @throws what commander throws for words that it does not take */
function parsed(words: readonly string[]): {
  readonly name: string;
  readonly args: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
} {
  const [, name = "", ...rest] = words;
  const command = new Command(name).exitOverride().configureOutput({ writeErr: () => undefined });
  (name === "score" ? score : serve).define(command);
  let found = { name, args: [] as readonly string[], options: {} as Readonly<Record<string, unknown>> };
  for (const subcommand of [command, ...command.commands])
    subcommand.exitOverride().action(() => {
      found = { name: subcommand.name(), args: subcommand.args, options: subcommand.opts() };
    });
  command.parse(rest, { from: "user" });
  return found;
}

test("the command lines of the pages are taken, their shards and models mean something", () => {
  const scoring = commandsIn(page("scoring.md")).map(parsed);
  assert.deepEqual(
    scoring.map(({ name }) => name),
    ["score", "score", "merge", "score", "score", "merge", "score", "score", "score"],
  );
  const variables = new Map([
    ["SLURM_ARRAY_TASK_ID", "15"],
    ["SLURM_ARRAY_TASK_COUNT", "16"],
    ["SLURM_ARRAY_TASK_MIN", "0"],
  ]);
  const shards = scoring.flatMap(({ options: { shard } }) => (typeof shard === "string" ? [shard] : []));
  const told = shards.map((shard) => {
    const text = shard.replace("{}", "2").replace("{shard}/{count}", "1/4");
    const { index, count } = shardOf(
      text,
      text === "env/16" ? (name) => (name === "JOB_COMPLETION_INDEX" ? "4" : undefined) : (name) => variables.get(name),
    );
    return `${index}/${count}`;
  });
  assert.deepEqual(told, ["3/16", "2/16", "1/4", "5/16", "16/16"]);
  const serving = commandsIn(page("serving.md")).map(parsed);
  assert.deepEqual(
    serving.map(({ args }) => args.map((text) => modelSpec(text).name)),
    [["photos-cnn-1"], ["photos"], ["photos"]],
  );
});

/** A small model and photos, and `fovea` as a program on the path. */
async function prepare(folder: string, count: number): Promise<NodeJS.ProcessEnv> {
  mkdirSync(join(folder, "runs/photos-cnn-1"), { recursive: true });
  await writePhotoModel(join(folder, "runs/photos-cnn-1/model.keras"), 1);
  mkdirSync(join(folder, "photos"));
  mkdirSync(join(folder, "parts"));
  for (let n = 0; n < count; n++) writeFileSync(join(folder, `photos/${n}.png`), png(n));
  const program = join(folder, "bin/fovea");
  mkdirSync(join(folder, "bin"));
  writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${join(root, "dist/command/main.js")}" "$@"\n`);
  chmodSync(program, 0o755);
  return {
    ...process.env,
    PATH: `${join(folder, "bin")}${delimiter}${process.env.PATH}`,
    RAY_DISABLE_IMPORT_WARNING: "1",
  };
}

const python = process.env.FOVEA_RAY_PYTHON ?? "python3";
const hasRay = spawnSync(python, ["-c", "import ray"], { encoding: "utf8" }).status === 0;

test("Ray's program runs as it stands on the page", {
  skip: hasRay ? false : `${python} has no Ray; FOVEA_RAY_PYTHON names a Python that has it`,
}, async (t) => {
  const folder = workplace(t);
  const env = await prepare(folder, 520);
  const [program] = blocks(page("scoring.md")).filter((code) => code.includes("import ray"));
  writeFileSync(join(folder, "score.py"), program!);
  await promisify(execFile)(python, ["score.py"], {
    cwd: folder,
    env: { ...env, FOVEA_CACHE: join(folder, ".cache") },
  });
  const whole = await fovea(folder, "score", "runs/photos-cnn-1", "photos", "--out", "whole.parquet", "--json");
  assert.equal(whole.code, 0, whole.stderr);
  assert.deepEqual(readFileSync(join(folder, "scores.parquet")), readFileSync(join(folder, "whole.parquet")));
});

test("a process that is killed goes on behind its last whole block, and ends in the same bytes", async (t) => {
  const folder = workplace(t);
  await prepare(folder, 700);
  const words = ["score", "runs/photos-cnn-1", "photos", "--threads", "1", "--json", "--quiet"];
  const first = start(folder, ...words, "--out", "killed.csv");
  const progress = join(folder, "killed.csv.progress");
  while (!existsSync(progress) || readFileSync(progress, "utf8").split("\n").length < 3) {
    assert.equal(first.process.exitCode, null, "it ended before it was killed; give it more photos");
    await new Promise((resume) => setTimeout(resume, 5));
  }
  first.process.kill("SIGKILL");
  await first.ended;
  assert.ok(!existsSync(join(folder, "killed.csv")), "nothing is half-written");
  const again = await fovea(folder, ...words, "--out", "killed.csv");
  const { resumed, rows } = JSON.parse(again.stdout) as { resumed: number; rows: number };
  assert.ok(resumed >= 128 && resumed % 128 === 0 && rows === 700, again.stdout);
  await fovea(folder, ...words, "--out", "whole.csv");
  assert.deepEqual(readFileSync(join(folder, "killed.csv")), readFileSync(join(folder, "whole.csv")));
  const merged = await fovea(folder, "score", "merge", "killed.csv", "--out", "merged.csv", "--json");
  assert.deepEqual(Object.keys(JSON.parse(merged.stdout) as object).slice(1, 5), [
    "rows",
    "refused",
    "shards",
    "model",
  ]);
});
