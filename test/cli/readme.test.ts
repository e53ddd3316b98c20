// The promises of README.md: its lines run as they stand there and print a number, and its commands exist.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { COMMANDS } from "../../src/cli/commands/index.js";
import { writeHanzi } from "../../src/data/index.js";
import { openJournal, relabel } from "../../src/experiment/index.js";
import { sha256Hex } from "../../src/platform/hashing.js";
import { fovea, workplace } from "./fovea.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const readme = readFileSync(join(root, "README.md"), "utf8");
const run = promisify(execFile);

test("the ten lines are examples/first-steps.ts, train something and print a number", async () => {
  const [, lines] = /```ts\n([\s\S]*?)```/.exec(readme)!;
  const example = readFileSync(join(root, "examples/first-steps.ts"), "utf8");
  assert.equal(example.replace(/^\/\/.*\n/gm, ""), lines, "README.md and examples/first-steps.ts differ");
  const { stdout } = await run(process.execPath, [join(root, "dist/examples/first-steps.js")]);
  const accuracy = Number(/accuracy: ([\d.]+)/.exec(stdout)?.[1]);
  assert.ok(accuracy > 0.9, stdout);
});

test("it is at most 90 lines long, and leads to the pages of docs/", () => {
  assert.ok(readme.trimEnd().split("\n").length <= 90);
  const links = [...readme.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].map(([, path]) => path!);
  assert.deepEqual(
    links.filter((path) => !existsSync(join(root, path))),
    [],
  );
});

test("the two commands are scripts of package.json, and every fovea command is one", () => {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    scripts: Record<string, string>;
  };
  assert.match(readme, /```\nnpm ci\nnpm run demo\n```/);
  for (const [, script] of readme.matchAll(/npm run ([a-z]+)/g)) assert.ok(script! in scripts, script);
  const names = COMMANDS.map(({ name }) => name);
  for (const [, command] of readme.matchAll(/^fovea ([a-z]+)/gm)) assert.ok(names.includes(command!), command);
});

test("the code in a report does what the run did, to the bit", async (t) => {
  const directory = workplace(t);
  await writeHanzi(join(directory, "hanzi"), { characters: [..."人口山木水火"], scale: 0.01, seed: 1 });
  const small = ["--image-size", "16x16", "--batch-size", "32", "--epochs", "2", "--seed", "4", "--json"];
  // With Train and Test, and weights; without folders, where testing is held out first, stratified and plain; with a
  // folder to validate on; with corrected labels.
  await writeHanzi(join(directory, "few"), { characters: [..."人口山木"], scale: 0.04, seed: 5 });
  cpSync(join(directory, "hanzi/Train"), join(directory, "signs/train"), { recursive: true });
  cpSync(join(directory, "hanzi/Test"), join(directory, "signs/val"), { recursive: true });
  cpSync(join(directory, "few/Train"), join(directory, "corrected"), { recursive: true });
  const [first] = readdirSync(join(directory, "corrected/人")).sort();
  const image = await sha256Hex(new Uint8Array(readFileSync(join(directory, "corrected/人", first!))));
  const labels = await openJournal(join(directory, "corrected/labels.journal"));
  await relabel(labels, { image, file: first!, label: "人" }, "口");
  const runs: [folder: string, options: readonly string[], begin: RegExp][] = [
    ["hanzi", ["--class-weight", "balanced"], /loadImages\("hanzi\/Train", \{ height: 16, width: 16 \}\)/],
    ["hanzi/Train", ["--skip-bad"], /width: 16, skipBad: true \}/],
    ["few/Train", [], /trainTestSplit\(held\.train\.length/],
    ["signs", ["--skip-bad"], /width: 16, skipBad: true, classNames \}/],
    [
      "signs",
      ["--skip-bad", "--learning-rate", "0.01"],
      /recipe\.split, \{ skipBad: true, recorded: recipe\.data \}\)/,
    ],
    ["corrected", [], /recipe\.split, \{ recorded: recipe\.data, journal: await findJournal\(paths\) \}\)/],
  ];
  for (const [n, [folder, options, shows]] of runs.entries()) {
    const trained = await fovea(directory, "train", folder, "--model", "logistic", ...small, ...options);
    assert.equal(trained.code, 0, trained.stderr);
    const { run: path, weights_sha256 } = JSON.parse(trained.stdout) as { run: string; weights_sha256: string };
    const { facts } = JSON.parse(readFileSync(join(directory, path, "facts.json"), "utf8")) as {
      facts: { replay: { code: string } };
    };
    assert.match(facts.replay.code, shows);
    cpSync(join(directory, path, "recipe.json"), join(directory, "recipe.json"));
    assert.equal(await runCode(facts.replay.code, directory), weights_sha256, facts.replay.code);
    if (n > 0) continue;
    // From here on an image is damaged.
    for (const part of ["hanzi/Train", "signs/train"]) {
      const [first] = readdirSync(join(directory, part)).sort();
      writeFileSync(join(directory, part, first!, "bad.png"), "no image");
    }
  }
});

/** Runs lines of TypeScript, of which the types that they have are taken out, in `cwd`. */
async function runCode(code: string, cwd: string): Promise<string> {
  const script = code
    .replaceAll("(rows: Int32Array)", "(rows)")
    .replaceAll("[i]!", "[i]")
    .replaceAll(/from "fovea(?:\/(\w+))?"/g, (_, part?: string) => `from ${JSON.stringify(entry(part))}`);
  const options = ["--input-type=module", "--eval", script];
  const { stdout } = await run(process.execPath, options, { cwd, env: { ...process.env, FOVEA_CACHE: cwd } });
  return stdout.trim();
}

/** The file behind `fovea` or `fovea/PART`, as package.json exports it. */
function entry(part?: string): string {
  const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    exports: Record<string, string>;
  };
  const file = exports[part === undefined ? "." : `./${part}`];
  assert.ok(file !== undefined, `package.json exports fovea/${part}`);
  return new URL(file, new URL(`file://${root}`)).href;
}
