// Examples of doc comments run: each as a module of its own, in a folder of small files. Those that need more than the scene
// gives stand in not-run.json, a list that only becomes shorter.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { exampleModules } from "../../tools/reference/examples.js";
import { walk } from "../../tools/reference/walk.js";
import { makeScene, writeScene } from "./scene.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));

test("examples of doc comments run", async (t) => {
  const notRun = new Set(JSON.parse(readFileSync(join(root, "test/reference/not-run.json"), "utf8")) as string[]);
  const folder = mkdtempSync(join(tmpdir(), "fovea-examples-"));
  const modules = join(root, "dist/reference/examples");
  rmSync(modules, { recursive: true, force: true });
  mkdirSync(modules, { recursive: true });
  process.chdir(folder);
  // Decoded images of examples are kept with them, not among those of the user.
  process.env.FOVEA_CACHE = join(folder, ".cache");
  await writeScene();
  const examples = exampleModules(walk(root), new Set(Object.keys(makeScene())));
  t.diagnostic(
    `not run, since they name models, runs or folders that the scene lacks: examples of ${notRun.size} exports`,
  );
  const failures: string[] = [];
  for (const [i, { title, text, at }] of examples.filter((example) => !notRun.has(example.title)).entries()) {
    Object.assign(globalThis, { scene: makeScene() });
    const file = join(modules, `${i}.js`);
    writeFileSync(file, text);
    try {
      await import(pathToFileURL(file).href);
    } catch (error) {
      failures.push(`${at} (${title}): ${(error as Error).message}`);
    }
  }
  process.chdir(root);
  rmSync(folder, { recursive: true, force: true });
  assert.deepEqual(failures, []);
  const titles = new Set(examples.map(({ title }) => title));
  assert.deepEqual(
    [...notRun].filter((title) => !titles.has(title)),
    [],
    "these have no example any more: strike them out",
  );
});
