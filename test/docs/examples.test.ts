// Every example runs: the commands of its package.json with less data, its script in Node, its page in Chromium, its workers
// side by side, its client against a server.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { appendFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { promisify } from "node:util";
import { fovea, start, workplace } from "../cli/fovea.js";
import { noBrowser, openFolder } from "../platform/browser.js";
import { BUNDLERS } from "../platform/bundle.js";
import { ROOT, wordsOf } from "./page-code.js";

const EXAMPLES = join(ROOT, "examples");
const FOLDERS = readdirSync(EXAMPLES, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
);
const run = promisify(execFile);

interface Package {
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
}

const packageOf = (folder: string): Package =>
  JSON.parse(readFileSync(join(EXAMPLES, folder, "package.json"), "utf8")) as Package;

/** A copy of an example, with Fovea among its packages. */
function copyOf(t: TestContext, folder: string): string {
  const directory = join(workplace(t), folder);
  cpSync(join(EXAMPLES, folder), directory, { recursive: true });
  mkdirSync(join(directory, "node_modules"));
  symlinkSync(ROOT, join(directory, "node_modules/fovea"), "junction");
  return directory;
}

/** Commands of a script with little data and few epochs: what is tested is that they work. */
const smaller = (script: string): string[][] =>
  script
    .replaceAll(/--count \d+/g, "--count 40")
    .replaceAll(/--epochs \d+/g, "--epochs 1")
    .replaceAll(/--scale [\d.]+/g, "--scale 0.005")
    .replaceAll(/synth writers /g, "synth writers --scale 0.02 ")
    .split(" && ")
    .map((command) => wordsOf(command).slice(1));

/** Examples that are commands from the beginning to the end. */
const COMMANDS_ALONE = ["regression", "labels", "segmentation", "detection", "verification", "tables", "transfer"];

for (const folder of COMMANDS_ALONE)
  test(`examples/${folder} runs`, async (t) => {
    const directory = copyOf(t, folder);
    for (const words of smaller(packageOf(folder).scripts.start!)) {
      const { code, stderr } = await fovea(directory, ...words, "--quiet");
      assert.equal(code, 0, `${words.join(" ")}\n${stderr}`);
    }
    assert.ok(existsSync(join(directory, "run/report.html")));
  });

test("examples/classification runs", async (t) => {
  const folder = copyOf(t, "classification");
  const { stdout } = await run(process.execPath, ["main.js"], {
    cwd: folder,
    env: { ...process.env, FOVEA_CACHE: folder },
  });
  assert.ok(Number(/accuracy: ([\d.]+)/.exec(stdout)?.[1]) > 0.9, stdout);
  assert.match(stdout, /^人\/1\.png is 人$/m);
  assert.ok(existsSync(join(folder, "signs.keras")));
});

test("examples/vite-page trains in a browser", { skip: noBrowser }, async (t) => {
  const folder = copyOf(t, "vite-page");
  const answer = 'fetch("/answer", { method: "POST", body: JSON.stringify({ value: status.textContent }) });\n';
  appendFileSync(join(folder, "main.js"), answer);
  const said = String(await openFolder(await BUNDLERS.vite!(folder), { timeoutMs: 300_000 }));
  assert.match(said, /^Accuracy (?:0\.[89]\d+|1\.000); the picture is read as 人$/);
});

test("examples/tune-two-workers: two workers end one study", async (t) => {
  const folder = copyOf(t, "tune-two-workers");
  const { scripts } = packageOf("tune-two-workers");
  const words = (name: string): string[] => wordsOf(scripts[name]!).slice(1);
  const begun = await fovea(folder, ...words("start"), "--trials", "1", "--quiet");
  assert.equal(begun.code, 0, begun.stderr);
  const workers = [1, 2].map(() => start(folder, ...words("worker"), "--trials", "5", "--quiet"));
  for (const { ended } of workers) assert.equal((await ended).code, 0, (await ended).stderr);
  const best = await fovea(folder, ...words("best"), "--json");
  assert.equal(best.code, 0, best.stderr);
  assert.ok("neurons" in (JSON.parse(best.stdout) as { params: object }).params, best.stdout);
});

test("examples/serve answers its client", async (t) => {
  const folder = copyOf(t, "serve");
  const commands = smaller(packageOf("serve").scripts.start!);
  for (const words of commands.slice(0, -1)) {
    const { code, stderr } = await fovea(folder, ...words, "--quiet");
    assert.equal(code, 0, stderr);
  }
  const [, model] = commands.at(-1)!;
  const server = start(folder, "serve", model!, "--port", "0", "--json");
  let said = "";
  server.process.stdout!.on("data", (text: string) => {
    said += text;
  });
  await server.said(/"address"/);
  const { address } = JSON.parse(said) as { address: string };
  const { stdout } = await run(process.execPath, ["client.js", "signs/Test/山/1.png", "--at", address], {
    cwd: folder,
  });
  server.process.kill("SIGTERM");
  await server.ended;
  assert.match(stdout, /^200 .*"1\.png"/);
});

test("every example is told of, and has what it needs to run", () => {
  const told = readFileSync(join(EXAMPLES, "README.md"), "utf8");
  const tested = [...COMMANDS_ALONE, "classification", "vite-page", "tune-two-workers", "serve"];
  assert.deepEqual([...FOLDERS].sort(), tested.sort());
  for (const folder of FOLDERS) {
    assert.ok(told.includes(`](${folder}/`), folder);
    assert.ok("fovea" in packageOf(folder).dependencies && "start" in packageOf(folder).scripts, folder);
  }
});
