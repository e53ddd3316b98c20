// Every example of a doc comment runs: each as a module of its own, in a folder of small files and models (scene.ts,
// scene-models.ts).
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { exampleModules } from "../../tools/reference/examples.js";
import { walk } from "../../tools/reference/walk.js";
import { makeScene, writeScene } from "./scene.js";
import { serveWeights, writeModels } from "./scene-models.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));

test("examples of doc comments run", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "fovea-examples-"));
  const modules = join(root, "dist/reference/examples");
  rmSync(modules, { recursive: true, force: true });
  mkdirSync(modules, { recursive: true });
  process.chdir(folder);
  // Decoded images of examples are kept with them, not among those of the user.
  process.env.FOVEA_CACHE = join(folder, ".cache");
  await writeScene();
  await writeModels();
  const { mirror, server } = await serveWeights();
  t.after(() => server.close());
  const examples = exampleModules(walk(root), new Set([...Object.keys(makeScene()), "mirror"]));
  t.diagnostic(`${examples.length} examples, of which all run`);
  const failures: string[] = [];
  for (const [i, { title, text, at }] of examples.entries()) {
    Object.assign(globalThis, { scene: { ...makeScene(), mirror } });
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
});
