// Models out of npm packages: found in node_modules above, opened, copied with a note, and nothing else of the package.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { FoveaError } from "../../src/core/errors.js";
import { addPackageModels } from "../../src/experiment/pretrained/package-models.js";
import { loadModel, saveTfjs, sequential } from "../../src/index.js";
import { dense, input } from "../../src/nn/layers/index.js";

const directory = mkdtempSync(join(tmpdir(), "fovea-packages-"));
const before = process.env.FOVEA_HOME;
process.env.FOVEA_HOME = join(directory, "home");
after(() => {
  if (before === undefined) delete process.env.FOVEA_HOME;
  else process.env.FOVEA_HOME = before;
  rmSync(directory, { recursive: true, force: true, maxRetries: 10 });
});

const folder = join(directory, "node_modules", "@some", "models");
const project = join(directory, "project", "deep");

test("the models of a package are copied with its version, its licence and a hash", async () => {
  mkdirSync(join(folder, "small"), { recursive: true });
  mkdirSync(project, { recursive: true });
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({ name: "@some/models", version: "1.2.3", license: "MIT" }),
  );
  writeFileSync(join(folder, "index.js"), "throw new Error('code of a package ran');");
  const model = sequential([input([3]), dense(2)]);
  for (const [name, bytes] of await saveTfjs(model)) writeFileSync(join(folder, "small", name), bytes);
  writeFileSync(join(folder, "broken.json"), JSON.stringify({ modelTopology: { node: [] }, weightsManifest: [] }));
  const { models, refused } = await addPackageModels("@some/models", { from: project });
  const [{ path, sha256, ...facts }] = models as [(typeof models)[number]];
  assert.deepEqual(
    [facts.model, facts.package, facts.version, facts.licence],
    ["small", "@some/models", "1.2.3", "MIT"],
  );
  assert.match(sha256, /^[0-9a-f]{64}$/);
  assert.deepEqual(
    refused.map((refusal) => refusal.model),
    ["broken"],
  );
  const files = readdirSync(dirname(path)).sort();
  assert.deepEqual(files, ["group1-shard1of1.bin", "model.json", "origin.json"]);
  assert.equal(JSON.parse(readFileSync(join(dirname(path), "origin.json"), "utf8")).sha256, sha256);
  const copy = await loadModel(path);
  assert.deepEqual((await copy.model.getWeights())[0]!.data, (await model.getWeights())[0]!.data);
  await copy.model.close();
  await model.close();
});

test("what is not there is named", async () => {
  const refuses = (work: Promise<unknown>, message: RegExp): Promise<void> =>
    assert.rejects(work, (error) => error instanceof FoveaError && message.test(error.message));
  await refuses(addPackageModels("other", { from: project }), /install it with "npm install other"/);
  await refuses(addPackageModels("../escape", { from: project }), /no name of an npm package/);
  await refuses(addPackageModels("@some/models", { from: project, only: "large" }), /has no model large; it has/);
  assert.ok(!existsSync(join(directory, "home", "weights", "packages", "other")));
});
