// A process that is killed while it writes one export over another leaves the one or the other, never parts of both; what
// it was in the middle of writing is gone after the next export. The same for weights in the store, which keep the old file.
// FOVEA_FULL_COUNTS=1 kills 30 times each.
import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { saveKeras, saveTfjs } from "../../src/formats/index.js";
import { sequential } from "../../src/index.js";
import { dense, input } from "../../src/nn/layers/index.js";
import { writeAtomic } from "../../src/platform/files.js";
import { replaceFiles } from "../../src/platform/folders.js";
import { noteParts, sweepLeftovers, thisOwner } from "../../src/platform/leftovers.js";
import { fovea, workplace } from "../cli/fovea.js";
import { filesOf } from "../faults/exporter.js";

const KILLS = process.env.FOVEA_FULL_COUNTS ? 30 : 8;
const [PARTS, BYTES] = [4, 20_000];
const exporter = fileURLToPath(new URL("../faults/exporter.js", import.meta.url));

/** The sets whose files are in a folder, its hidden files left out. */
const setsIn = (folder: string): string[] => [
  ...new Set(
    readdirSync(folder)
      .filter((name) => !name.startsWith(".") && name !== "index.html")
      .map((name) => readFileSync(join(folder, name), "utf8"))
      .map((text) => (text === text[0]!.repeat(BYTES) ? text[0]! : "a damaged file")),
  ),
];

for (const beside of [false, true])
  test(`${KILLS} kills of exports over exports, ${beside ? "with a page of the user's" : "alone"} in the folder`, async (t) => {
    const directory = workplace(t);
    const folder = join(directory, "web");
    const set = { files: filesOf("A", PARTS, BYTES), main: "model.json" };
    await replaceFiles(folder, set);
    if (beside) writeFileSync(join(folder, "index.html"), "mine");
    let interrupted = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      const child = fork(exporter, [folder, String(PARTS), String(BYTES)]);
      await once(child, "message");
      await new Promise((resume) => setTimeout(resume, (kill * 7919) % 43));
      child.kill("SIGKILL");
      await once(child, "close");
      if (readdirSync(directory).length > 1 || (beside && readdirSync(folder).length > PARTS + 2)) interrupted++;
      // Between two renames the folder, or the file that is opened first, has no name; then nothing can be opened.
      if (existsSync(join(folder, "model.json"))) {
        assert.equal(setsIn(folder).length, 1, `kill ${kill}: ${setsIn(folder)}`);
        assert.equal(readdirSync(folder).filter((name) => /^(part|model)/.test(name)).length, PARTS + 1);
      }
      await replaceFiles(folder, set);
      assert.deepEqual(setsIn(folder), ["A"]);
      assert.deepEqual(readdirSync(directory), ["web"]);
      assert.equal(readdirSync(folder).length, PARTS + 1 + Number(beside));
    }
    assert.ok(interrupted > 0, "no process was killed while it wrote");
    if (beside) assert.equal(readFileSync(join(folder, "index.html"), "utf8"), "mine");
  });

test("an export over another leaves nothing of the older one, and all that is not of an export", async (t) => {
  const folder = workplace(t);
  const models = [8, 3].map((units) =>
    sequential([input([4]), dense(units, { activation: "softmax" })], { seed: units }),
  );
  for (const [i, model] of models.entries()) writeFileSync(join(folder, `${i}.keras`), await saveKeras(model));
  const web = join(folder, "web");
  mkdirSync(web);
  const older = { weightsManifest: [{ paths: ["group1-shard2of2.bin", "../notes.txt"], weights: [] }] };
  writeFileSync(join(web, "model.json"), JSON.stringify(older));
  writeFileSync(join(web, "metadata.json"), '{ "packageName": "@teachablemachine/image" }');
  // Of the others one has a name that Teachable Machine uses, and one that of another export's shard.
  for (const name of ["group1-shard2of2.bin", "group1-shard3of3.bin", "notes.txt", "weights.bin", "../notes.txt"])
    writeFileSync(join(web, name), "mine");
  for (const [i, model] of models.entries()) {
    const { code, stderr } = await fovea(folder, "convert", `${i}.keras`, "web", "--to", "tfjs");
    assert.equal(code, 0, stderr);
    const files = await saveTfjs(model);
    const others = ["group1-shard3of3.bin", "notes.txt", "weights.bin"];
    assert.deepEqual(readdirSync(web), [...files.keys(), ...others].sort());
    for (const name of [...others, "../notes.txt"]) assert.equal(readFileSync(join(web, name), "utf8"), "mine");
    for (const [name, bytes] of files) assert.deepEqual(readFileSync(join(web, name)), Buffer.from(bytes));
  }
  writeFileSync(join(web, "metadata.json"), '{ "author": "me" }');
  assert.equal((await fovea(folder, "convert", "0.keras", "web", "--to", "tfjs")).code, 0);
  assert.ok(existsSync(join(web, "metadata.json")), "metadata of the user's own were removed");
  await Promise.all(models.map((model) => model.close()));
});

test("what the dead leave is removed, what the living write is not, and a folder set aside comes back", async (t) => {
  const directory = workplace(t);
  const { machine, pid } = await thisOwner();
  const dead = 999_999_999;
  const name = (owner: string, end: string): string => `.fovea-${owner}-00000000.${end}`;
  const living = [
    name(`${machine}-${pid}`, "tmp"),
    name(`${machine}-${process.ppid}`, "tmp"),
    name("00000000-1", "tmp"),
  ];
  for (const file of [...living, name(`${machine}-${dead}`, "tmp"), "mine.tmp", ".mine.tmp"])
    writeFileSync(join(directory, file), "");
  for (const folder of [".web", ".gone"]) {
    const path = join(directory, `${folder}${name(`${machine}-${dead}`, "old")}`);
    mkdirSync(path);
    writeFileSync(join(path, "model.json"), folder);
    await noteParts(path, ["model.json"], "model.json");
  }
  mkdirSync(join(directory, "web"));
  writeFileSync(join(directory, "web", "model.json"), "new");
  await sweepLeftovers(directory);
  assert.deepEqual(readdirSync(directory).sort(), [...living, ".mine.tmp", "gone", "mine.tmp", "web"].sort());
  assert.equal(readFileSync(join(directory, "web/model.json"), "utf8"), "new");
  assert.equal(readFileSync(join(directory, "gone/model.json"), "utf8"), ".gone");
  assert.deepEqual(readdirSync(join(directory, "gone")), ["model.json"]);
  await writeAtomic(join(directory, "next.json"), "{}");
  assert.ok(existsSync(join(directory, living[0]!)));
});

test("a set that cannot be written leaves the older one as it is", async (t) => {
  const directory = workplace(t);
  for (const beside of [false, true]) {
    const folder = join(directory, `web${beside}`);
    const files = filesOf("A", PARTS, BYTES);
    await replaceFiles(folder, { files, main: "model.json" });
    if (beside) writeFileSync(join(folder, "index.html"), "mine");
    let left = 2;
    const write = (path: string, content: Uint8Array | string): Promise<void> =>
      left-- > 0 ? writeAtomic(path, content) : Promise.reject(new Error("the disk is full"));
    const set = { files: filesOf("B", PARTS, BYTES), main: "model.json", write };
    await assert.rejects(replaceFiles(folder, set), /the disk is full/);
    assert.deepEqual(setsIn(folder), ["A"]);
    assert.equal(readdirSync(folder).length, PARTS + 1 + Number(beside));
  }
  assert.deepEqual(readdirSync(directory), ["webfalse", "webtrue"]);
});
